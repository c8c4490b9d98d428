import { Decimal } from "decimal.js";
import type { SymbolMarket } from "../../market/market.ts";
import type { OrderRequest, OrderSide, Trigger } from "../../market/matching/order.ts";
import { multiply, ONE, parseUnits, type Units } from "../../market/units.ts";
import { type BtcturkError, btcturkError } from "../btcturk-error.ts";
import { type BtcturkPair, priceBounds } from "../btcturk-pairs.ts";
import { type BtcturkContext, type BtcturkParameters, pairMarketOf } from "./context.ts";

const SIDES: ReadonlyMap<string, OrderSide> = new Map([
  ["buy", "buy"],
  ["sell", "sell"],
]);
const CLIENT_ID_LENGTH = 100;
const PLAIN_DECIMAL = /^\d{1,20}(\.\d{1,20})?$/;
/** A market order trades at most 5 % away from the best price. */
const SLIPPAGE = parseUnits("0.05");

/** The values of `orderMethod`. Users of ccxt write stop orders with an underscore. */
const METHODS: ReadonlyMap<string, { readonly isStop: boolean; readonly type: "limit" | "market" }> = new Map(
  [
    ["limit", { isStop: false, type: "limit" }],
    ["market", { isStop: false, type: "market" }],
    ["stoplimit", { isStop: true, type: "limit" }],
    ["stopmarket", { isStop: true, type: "market" }],
  ],
);

/**
 * Reads and checks a new order as the venue does.
 *
 * @throws BtcturkError 1037, 1134, 1193, 1126, 1127, 1128, 1124, 1125, 1226, 1227, 1123 or 1118.
 */
export function readOrderRequest(context: BtcturkContext, { body }: BtcturkParameters): OrderRequest {
  const { pair, market } = pairMarketOf(context, body.pairSymbol);
  const side = SIDES.get(wordOf(body.orderType));
  if (side === undefined) throw btcturkError.typeNotSupported();
  const method = METHODS.get(wordOf(body.orderMethod).replace("_", ""));
  if (method === undefined) throw btcturkError.methodNotSupported();
  const draft: OrderDraft = {
    pair,
    market,
    side,
    quantity: decimalOf(body.quantity, pair.numeratorScale, btcturkError.quantityScale),
    clientOrderId: clientOrderIdOf(body) ?? context.freshClientOrderId(),
    trigger: method.isStop ? readTrigger(body.stopPrice, { pair, market, side }) : undefined,
  };
  return method.type === "limit" ? limitRequest(draft, body.price) : marketRequest(draft);
}

/** A word in lower case; for anything else a value that no table contains. */
function wordOf(value: unknown): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}

interface OrderDraft {
  readonly pair: BtcturkPair;
  readonly market: SymbolMarket;
  readonly side: OrderSide;
  readonly quantity: Units;
  readonly clientOrderId: string;
  readonly trigger: Trigger | undefined;
}

function limitRequest(draft: OrderDraft, price: unknown): OrderRequest {
  const { pair, market, side, quantity, clientOrderId, trigger } = draft;
  const limitPrice = readPrice(price, pair, market);
  if (multiply(limitPrice, quantity) < pair.minTotal) throw btcturkError.minTotalAmount();
  const amount = { of: "base", quantity } as const;
  const terms = { type: "limit", timeInForce: "gtc", amount, limitPrice, trigger } as const;
  return { symbol: pair.symbol, side, clientOrderId, ...terms };
}

/**
 * A market purchase states the amount to spend, a market sale the quantity to sell. A stop order states a
 * quantity in both cases.
 */
function marketRequest(draft: OrderDraft): OrderRequest {
  const { pair, market, side, quantity, clientOrderId, trigger } = draft;
  const touch = trigger?.stopPrice ?? market.book[side === "buy" ? "asks" : "bids"].bestPrice;
  if (touch === undefined) throw btcturkError.failedMarketOrder();
  const isSum = side === "buy" && trigger === undefined;
  const worth = isSum ? quantity : multiply(touch, quantity);
  if (worth < pair.minTotal) throw btcturkError.minTotalAmount();
  return {
    symbol: pair.symbol,
    side,
    clientOrderId,
    type: "market",
    timeInForce: "ioc",
    amount: { of: isSum ? "quote" : "base", quantity },
    limitPrice: multiply(touch, side === "buy" ? ONE + SLIPPAGE : ONE - SLIPPAGE),
    trigger,
  };
}

/** The stop price of a buy must be above the best ask, that of a sale below the best bid. */
function readTrigger(
  value: unknown,
  { pair, market, side }: Pick<OrderDraft, "pair" | "market" | "side">,
): Trigger {
  const stopPrice = decimalOf(value, pair.denominatorScale, btcturkError.stopPriceScale);
  const bestAsk = market.book.asks.bestPrice;
  const bestBid = market.book.bids.bestPrice;
  if (side === "buy" && bestAsk !== undefined && stopPrice <= bestAsk) throw btcturkError.stopNotAboveAsk();
  if (side === "sell" && bestBid !== undefined && stopPrice >= bestBid) throw btcturkError.stopNotBelowBid();
  return { stopPrice, when: side === "buy" ? "rises-to" : "falls-to" };
}

function readPrice(value: unknown, pair: BtcturkPair, market: SymbolMarket): Units {
  const price = decimalOf(value, pair.denominatorScale, btcturkError.priceScale);
  const { lowest, highest } = priceBounds(market);
  if (price > highest) throw btcturkError.priceTooHigh();
  if (price < lowest) throw btcturkError.priceTooLow();
  return price;
}

/** A positive decimal, sent as a string or as a JSON number. */
function decimalOf(value: unknown, scale: number, badScale: () => BtcturkError): Units {
  const text = typeof value === "number" && Number.isFinite(value) ? new Decimal(value).toFixed() : value;
  if (typeof text !== "string" || !PLAIN_DECIMAL.test(text)) throw btcturkError.invalidRequest();
  const decimals = (text.split(".")[1] ?? "").replace(/0+$/, "").length;
  if (decimals > scale) throw badScale();
  const units = parseUnits(text);
  if (units === 0n) throw btcturkError.invalidRequest();
  return units;
}

/** `newOrderClientId`, as the documentation names it, or `newClientOrderId`, as ccxt does. */
function clientOrderIdOf(body: BtcturkParameters["body"]): string | undefined {
  const id = body.newOrderClientId ?? body.newClientOrderId;
  if (id === undefined || id === null || id === "") return undefined;
  if (typeof id !== "string" || id.length > CLIENT_ID_LENGTH) throw btcturkError.invalidRequest();
  return id;
}
