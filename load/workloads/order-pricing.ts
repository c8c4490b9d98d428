import { Decimal } from "decimal.js";
import type { OrderRequest } from "../../api/index.ts";
import { limitPlace, type OrderDraws, orderQuantity } from "./order-draws.ts";
import type { Quote } from "./prices.ts";

const PRICE_TICK = new Decimal("0.01");
const PRICE_DECIMALS = 2;

/**
 * Returns the order that a client places for these random values and the last quote it read. Without a quote
 * it is a market order. Prices are multiples of 0.01.
 */
export function priceOrder(
  venue: string,
  symbol: string,
  draws: OrderDraws,
  quote: Quote | undefined,
): OrderRequest {
  const quantity = orderQuantity(symbol, draws);
  const common = { venue, symbol, side: draws.side, quantity };
  if (draws.style === "market" || quote === undefined) return { ...common, type: "market", price: null };
  return { ...common, type: "limit", price: limitPrice(draws, quote) };
}

function limitPrice(draws: OrderDraws, quote: Quote): string {
  const { touch, ticks } = limitPlace(draws);
  const price = new Decimal(quote[touch]).plus(PRICE_TICK.times(ticks));
  return Decimal.max(PRICE_TICK, price.toNearest(PRICE_TICK)).toFixed(PRICE_DECIMALS);
}
