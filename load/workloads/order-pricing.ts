import { Decimal } from "decimal.js";
import type { OrderRequest } from "../operation.ts";
import type { Quote } from "./quote-stream.ts";

/** How an order meets the market. */
export type OrderStyle = "nearTouch" | "marketable" | "market";

/** What was drawn for an order; each draw is in [0, 1). */
export interface OrderDraws {
  readonly style: OrderStyle;
  readonly side: "buy" | "sell";
  readonly quantity: number;
  readonly distance: number;
}

const QUANTITY_STEP = new Decimal("0.00001");
const PRICE_TICK = new Decimal("0.01");
const PRICE_DECIMALS = 2;
const QUANTITY_DECIMALS = 5;

/** From 0.00020 to 0.00200 BTC: above the venues' smallest notional, small against the book's first levels. */
const MIN_QUANTITY_STEPS = 20;
const MAX_QUANTITY_STEPS = 200;
/** A resting order stays within 50 ticks behind the touch, where a moving market reaches it. */
const MAX_TICKS_BEHIND_TOUCH = 50;
/** A marketable limit reaches 1 to 100 ticks through the touch, so that it fills although the quote is a little old. */
const MAX_TICKS_THROUGH_TOUCH = 100;

/**
 * The order that a client places on these draws and the last quote it saw. Without a quote nothing can be priced,
 * and the client sends a market order. Quantities are whole steps of 0.00001, prices whole ticks of 0.01.
 */
export function priceOrder(
  venue: string,
  symbol: string,
  draws: OrderDraws,
  quote: Quote | undefined,
): OrderRequest {
  const steps =
    MIN_QUANTITY_STEPS + Math.floor(draws.quantity * (MAX_QUANTITY_STEPS - MIN_QUANTITY_STEPS + 1));
  const quantity = QUANTITY_STEP.times(steps).toFixed(QUANTITY_DECIMALS);
  const common = { venue, symbol, side: draws.side, quantity };
  if (draws.style === "market" || quote === undefined) return { ...common, type: "market", price: null };
  return { ...common, type: "limit", price: limitPrice(draws, quote) };
}

function limitPrice(draws: OrderDraws, quote: Quote): string {
  const behind = draws.style === "nearTouch";
  const ticks = behind
    ? -Math.floor(draws.distance * (MAX_TICKS_BEHIND_TOUCH + 1))
    : 1 + Math.floor(draws.distance * MAX_TICKS_THROUGH_TOUCH);
  const buying = draws.side === "buy";
  const touch = new Decimal(buying === behind ? quote.bid : quote.ask);
  const price = touch.plus(PRICE_TICK.times(buying ? ticks : -ticks));
  return Decimal.max(PRICE_TICK, price.toNearest(PRICE_TICK)).toFixed(PRICE_DECIMALS);
}
