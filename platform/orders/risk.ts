import type { RiskLimits } from "../config.ts";
import type { RiskReason } from "../metrics.ts";
import { amount, Decimal } from "../money.ts";
import type { OrderRequest } from "./order.ts";

/** The state that the limits are checked against. */
export interface MarketView {
  /** The best prices of the order's venue, or undefined while its book is not in sync. */
  readonly quote: { readonly bid: string; readonly ask: string } | undefined;
  /** Time since that symbol's last market data, in ms. */
  readonly stalenessMs: number;
}

/** The first limit that an order breaks, or undefined. A missing or stale price blocks too. */
export function riskBlockOf(
  request: OrderRequest,
  market: MarketView,
  limits: RiskLimits,
  staleAfterMs: number,
): RiskReason | undefined {
  const quantity = amount(request.quantity);
  if (quantity.gt(limits.maxQuantity)) return "max_quantity";
  if (market.quote === undefined || market.stalenessMs > staleAfterMs) return "stale_book";
  const bid = amount(market.quote.bid);
  const ask = amount(market.quote.ask);
  const price = request.price === null ? (request.side === "buy" ? ask : bid) : amount(request.price);
  if (quantity.times(price).gt(limits.maxNotional)) return "max_notional";
  const mid = bid.plus(ask).div(2);
  if (
    price
      .minus(mid)
      .abs()
      .gt(mid.times(new Decimal(limits.priceBand)))
  )
    return "price_too_far";
  return undefined;
}
