/** How an order meets the market. */
export type OrderStyle = "nearTouch" | "marketable" | "market";

/** What was drawn for an order; each draw is in [0, 1). */
export interface OrderDraws {
  readonly style: OrderStyle;
  readonly side: "buy" | "sell";
  readonly quantity: number;
  readonly distance: number;
}

/** From 0.00020 to 0.00200 BTC: above the venues' smallest notional, small against the book's first levels. */
const MIN_QUANTITY_STEPS = 20;
const MAX_QUANTITY_STEPS = 200;
/** A resting order stays within 50 ticks behind the touch, where a moving market reaches it. */
const MAX_TICKS_BEHIND_TOUCH = 50;
/** A marketable limit reaches 1 to 100 ticks through the touch, so that it fills although the quote is a little old. */
const MAX_TICKS_THROUGH_TOUCH = 100;

/** How many steps of 0.00001 an order is large. */
export function quantitySteps({ quantity }: OrderDraws): number {
  return MIN_QUANTITY_STEPS + Math.floor(quantity * (MAX_QUANTITY_STEPS - MIN_QUANTITY_STEPS + 1));
}

/** Where a limit order's price lies: so many ticks of 0.01 (below it where negative) from one side of the quote. */
export function limitPlace(draws: OrderDraws): { readonly touch: "bid" | "ask"; readonly ticks: number } {
  const behind = draws.style === "nearTouch";
  const buying = draws.side === "buy";
  const ticks = behind
    ? -Math.floor(draws.distance * (MAX_TICKS_BEHIND_TOUCH + 1))
    : 1 + Math.floor(draws.distance * MAX_TICKS_THROUGH_TOUCH);
  return { touch: buying === behind ? "bid" : "ask", ticks: buying ? ticks : -ticks };
}
