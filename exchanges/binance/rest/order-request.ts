import type {
  OrderRequest,
  OrderSide,
  OrderType,
  TimeInForce,
  WantedAmount,
} from "../../market/matching/order.ts";
import type { OrderBook } from "../../market/order-book.ts";
import { multiply } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { BINANCE_SYMBOLS, type BinanceSymbol } from "../binance-symbols.ts";
import { checkNotional, checkPrice, checkQuantity, referencePrice } from "../filters.ts";
import type { ResponseType } from "../order-view.ts";
import type { Parameters } from "./parameters.ts";

const SYMBOL_RANGE = "^[A-Z0-9-_.]{1,20}$";
const CLIENT_ORDER_ID_RANGE = "^[\\.A-Z\\:/a-z0-9_-]{1,36}$";
const RESPONSE_TYPE_RANGE = "^(ACK|RESULT|FULL)$";
const SIDES: Readonly<Record<string, OrderSide>> = { BUY: "buy", SELL: "sell" };
const TYPES: Readonly<Record<string, OrderType>> = {
  LIMIT: "limit",
  MARKET: "market",
  LIMIT_MAKER: "limit-maker",
};
const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = { GTC: "gtc", IOC: "ioc", FOK: "fok" };

/** The symbol that a request names. Throws -1102, -1100 or -1121. */
export function symbolOf(parameters: Parameters): BinanceSymbol {
  parameters.mandatory("symbol");
  const symbol = BINANCE_SYMBOLS.get(parameters.matching("symbol", SYMBOL_RANGE) ?? "");
  if (symbol === undefined) throw binanceError.invalidSymbol();
  return symbol;
}

/** A client order id of legal form, if one was sent. Throws -1100. */
export function clientOrderIdOf(parameters: Parameters, name: string): string | undefined {
  return parameters.matching(name, CLIENT_ORDER_ID_RANGE);
}

/** How the answer is wanted. All types that the stub trades answer `FULL` by default, save LIMIT_MAKER. */
export function responseTypeOf(parameters: Parameters, type: OrderType): ResponseType {
  const wanted = parameters.matching("newOrderRespType", RESPONSE_TYPE_RANGE);
  return (wanted as ResponseType | undefined) ?? (type === "limit-maker" ? "ACK" : "FULL");
}

/**
 * Reads and checks a new order as the venue does: form first, then the filters.
 *
 * @throws BinanceError -1100, -1102, -1106, -1111, -1115, -1116, -1117, -1121 or -1013.
 */
export function readOrderRequest(
  parameters: Parameters,
  symbol: BinanceSymbol,
  book: OrderBook,
  freshClientOrderId: () => string,
): OrderRequest {
  const side = SIDES[parameters.mandatory("side")];
  if (side === undefined) throw binanceError.invalidSide();
  const type = TYPES[parameters.mandatory("type")];
  if (type === undefined) throw binanceError.invalidType();
  const clientOrderId = clientOrderIdOf(parameters, "newClientOrderId") ?? freshClientOrderId();
  const common = { symbol: symbol.symbol, side, type, clientOrderId };
  return type === "market"
    ? { ...common, ...readMarket(parameters, symbol, book) }
    : { ...common, ...readLimit(parameters, symbol, book, type) };
}

type Terms = Pick<OrderRequest, "timeInForce" | "amount" | "limitPrice">;

function readLimit(parameters: Parameters, symbol: BinanceSymbol, book: OrderBook, type: OrderType): Terms {
  if (type === "limit-maker" && parameters.optional("timeInForce") !== undefined) {
    throw binanceError.notRequired("timeInForce");
  }
  const name = type === "limit-maker" ? "GTC" : parameters.mandatory("timeInForce");
  const timeInForce = TIMES_IN_FORCE[name];
  if (timeInForce === undefined) throw binanceError.invalidTimeInForce();
  const quantity = parameters.decimal("quantity");
  if (quantity === undefined) throw binanceError.missing("quantity");
  const price = parameters.decimal("price");
  if (price === undefined) throw binanceError.missing("price");
  checkPrice(symbol, price, referencePrice(book));
  checkQuantity(symbol, quantity, false);
  checkNotional(symbol, multiply(price, quantity), false);
  return { timeInForce, amount: { of: "base", quantity }, limitPrice: price };
}

function readMarket(parameters: Parameters, symbol: BinanceSymbol, book: OrderBook): Terms {
  for (const name of ["timeInForce", "price"]) {
    if (parameters.optional(name) !== undefined) throw binanceError.notRequired(name);
  }
  const quantity = parameters.decimal("quantity");
  const quoteQuantity = parameters.decimal("quoteOrderQty");
  if (quantity !== undefined && quoteQuantity !== undefined) throw binanceError.notRequired("quoteOrderQty");
  const amount: WantedAmount | undefined =
    quantity !== undefined
      ? { of: "base", quantity }
      : quoteQuantity !== undefined
        ? { of: "quote", quantity: quoteQuantity }
        : undefined;
  if (amount === undefined) throw binanceError.neitherSent("quantity", "quoteOrderQty");
  if (amount.of === "base") checkQuantity(symbol, amount.quantity, true);
  const reference = referencePrice(book) ?? 0n;
  checkNotional(symbol, amount.of === "base" ? multiply(amount.quantity, reference) : amount.quantity, true);
  return { timeInForce: "gtc", amount, limitPrice: undefined };
}
