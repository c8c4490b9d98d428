/** The style of an order: how it relates to the best prices. */
export type OrderStyle = "nearTouch" | "marketable" | "market";

/** The random numbers drawn for an order; each is in [0, 1). */
export interface OrderDraws {
  readonly style: OrderStyle;
  readonly side: "buy" | "sell";
  readonly quantity: number;
  readonly distance: number;
}

/** How large orders are: multiples of a step of so many decimals. */
interface OrderSizes {
  readonly decimals: number;
  readonly leastSteps: number;
  readonly mostSteps: number;
}

/**
 * From 0.00020 to 0.00200 BTC, or 0.0050 to 0.0500 ETH: above the venues' smallest notional, small compared with the
 * book's first levels.
 */
const SIZES: readonly (OrderSizes & { readonly base: string })[] = [
  { base: "ETH", decimals: 4, leastSteps: 50, mostSteps: 500 },
];
const USUAL_SIZES: OrderSizes = { decimals: 5, leastSteps: 20, mostSteps: 200 };
/** A resting order is at most 50 ticks behind the best price, where a moving market reaches it. */
const MAX_TICKS_BEHIND_TOUCH = 50;
/**
 * A marketable limit is 1 to 100 ticks beyond the opposite best price, so that it fills even when the quote
 * is slightly old.
 */
const MAX_TICKS_THROUGH_TOUCH = 100;

/** An order's size in the symbol's base asset, as exact decimal text. */
export function orderQuantity(symbol: string, { quantity }: Pick<OrderDraws, "quantity">): string {
  const { decimals, leastSteps, mostSteps } =
    SIZES.find(({ base }) => symbol.startsWith(base)) ?? USUAL_SIZES;
  const steps = leastSteps + Math.floor(quantity * (mostSteps - leastSteps + 1));
  // Exact: a few hundred steps have far fewer digits than a double.
  return (steps / 10 ** decimals).toFixed(decimals);
}

/** A limit order's price: a number of ticks of 0.01 (negative: below) from one side of the quote. */
export function limitPlace(draws: OrderDraws): { readonly touch: "bid" | "ask"; readonly ticks: number } {
  const behind = draws.style === "nearTouch";
  const buying = draws.side === "buy";
  const ticks = behind
    ? -Math.floor(draws.distance * (MAX_TICKS_BEHIND_TOUCH + 1))
    : 1 + Math.floor(draws.distance * MAX_TICKS_THROUGH_TOUCH);
  return { touch: buying === behind ? "bid" : "ask", ticks: buying ? ticks : -ticks };
}
