import { Decimal } from "decimal.js";
import type { OrderRequest, OrderSide } from "../../market/matching/order.ts";
import { multiply, parseUnits, type Units } from "../../market/units.ts";
import { type BtcturkError, btcturkError } from "../btcturk-error.ts";
import type { BtcturkPair } from "../btcturk-pairs.ts";
import { type BtcturkDesk, type BtcturkParameters, pairMarketOf } from "./desk.ts";

const SIDES: Readonly<Record<string, OrderSide>> = { buy: "buy", sell: "sell" };
const CLIENT_ID_LENGTH = 100;
const PLAIN_DECIMAL = /^\d{1,20}(\.\d{1,20})?$/;
/** A market order goes no further than 5 % from the touch. */
const SLIPPAGE = parseUnits("0.05");
const ONE = parseUnits("1");

/**
 * Reads and checks a new order as the venue does.
 *
 * @throws BtcturkError 1037, 1134, 1193, 1126, 1127, 1226, 1123 or 1118.
 */
export function readOrderRequest(desk: BtcturkDesk, { body }: BtcturkParameters): OrderRequest {
  const { pair, market } = pairMarketOf(desk, body.pairSymbol);
  const side = SIDES[String(body.orderType).toLowerCase()];
  if (side === undefined) throw btcturkError.typeNotSupported();
  const method = String(body.orderMethod).toLowerCase();
  if (method !== "limit" && method !== "market") throw btcturkError.methodNotSupported();
  const common = {
    symbol: pair.symbol,
    side,
    clientOrderId: clientOrderIdOf(body) ?? desk.freshClientOrderId(),
  };
  const quantity = decimalOf(body.quantity, pair.numeratorScale, btcturkError.quantityScale);
  if (method === "limit") {
    const limitPrice = readPrice(body.price, pair);
    if (multiply(limitPrice, quantity) < pair.minTotal) throw btcturkError.minTotalAmount();
    return { ...common, type: "limit", timeInForce: "gtc", amount: { of: "base", quantity }, limitPrice };
  }
  const touch = market.book[side === "buy" ? "asks" : "bids"].bestPrice;
  if (touch === undefined) throw btcturkError.failedMarketOrder();
  // A market purchase names what it spends, a sale what it sells.
  const worth = side === "buy" ? quantity : multiply(touch, quantity);
  if (worth < pair.minTotal) throw btcturkError.minTotalAmount();
  return {
    ...common,
    type: "market",
    timeInForce: "ioc",
    amount: { of: side === "buy" ? "quote" : "base", quantity },
    limitPrice: multiply(touch, side === "buy" ? ONE + SLIPPAGE : ONE - SLIPPAGE),
  };
}

function readPrice(value: unknown, pair: BtcturkPair): Units {
  const price = decimalOf(value, pair.denominatorScale, btcturkError.priceScale);
  if (price > pair.maxPrice) throw btcturkError.priceTooHigh();
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

/** `newOrderClientId`, as the docs name it, or `newClientOrderId`, as ccxt does. */
function clientOrderIdOf(body: BtcturkParameters["body"]): string | undefined {
  const id = body.newOrderClientId ?? body.newClientOrderId;
  if (id === undefined || id === null || id === "") return undefined;
  if (typeof id !== "string" || id.length > CLIENT_ID_LENGTH) throw btcturkError.invalidRequest();
  return id;
}
