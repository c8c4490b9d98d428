import type { Level } from "../order-book.ts";
import { least, multiply, ONE, type Units } from "../units.ts";
import {
  type Order,
  type OrderRequest,
  remainingOf,
  type SelfTradeMode,
  type WantedAmount,
} from "./order.ts";
import type { RestingOrder } from "./own-book.ts";

/** What an incoming order can trade with, in price-time order. */
export type Sweepable =
  | { readonly with: "tape"; readonly price: Units; readonly quantity: Units }
  | { readonly with: "own"; readonly price: Units; readonly order: Order };

/** One step of an incoming order. */
type SweepStep =
  | { readonly kind: "fill"; readonly price: Units; readonly quantity: Units }
  /** A trade with an order of the account, where self-trades are allowed. */
  | { readonly kind: "fill-own"; readonly price: Units; readonly quantity: Units; readonly maker: Order }
  /** The quantity that self-trade prevention removes from the incoming order and the resting one. */
  | {
      readonly kind: "prevent";
      readonly price: Units;
      readonly maker: Order;
      readonly takerQuantity: Units;
      readonly makerQuantity: Units;
    };

/** The steps of an incoming order, computed before any is executed. */
export interface Sweep {
  readonly steps: readonly SweepStep[];
  /** The quantity that would trade, in the base asset. */
  readonly quantity: Units;
  /** The quantity that would be prevented, in the base asset. */
  readonly prevented: Units;
}

/** An empty sweep, for an order that is killed. */
export const NO_SWEEP: Sweep = { steps: [], quantity: 0n, prevented: 0n };

/**
 * Merges the tape's levels with own resting orders of the same side. At equal prices the tape comes first,
 * since it was there before.
 */
export function* inPriceOrder(
  levels: Iterable<Level>,
  own: Iterator<RestingOrder>,
  isBetterOrEqual: (price: Units, than: Units) => boolean,
): Generator<Sweepable> {
  let mine = own.next();
  for (const [price, quantity] of levels) {
    for (; !mine.done && !isBetterOrEqual(price, mine.value.price); mine = own.next()) {
      yield { with: "own", ...mine.value };
    }
    yield { with: "tape", price, quantity };
  }
  for (; !mine.done; mine = own.next()) yield { with: "own", ...mine.value };
}

/** The amounts of a sweep so far. */
interface Done {
  quantity: Units;
  quote: Units;
  prevented: Units;
}

/**
 * Computes what an order executes immediately. `step` is the smallest quantity, for orders by quote amount.
 */
export function sweep(request: OrderRequest, met: Iterable<Sweepable>, step: Units): Sweep {
  const steps: SweepStep[] = [];
  const done: Done = { quantity: 0n, quote: 0n, prevented: 0n };
  for (const item of met) {
    const { limitPrice } = request;
    if (limitPrice !== undefined && !isWithin(request, item.price, limitPrice)) break;
    const wanted = stillWanted(request.amount, done, item.price, step);
    if (wanted <= 0n) break;
    const next = stepWith(item, wanted, request.selfTrade ?? "expire-maker");
    steps.push(next);
    if (next.kind === "prevent") {
      done.prevented += next.takerQuantity;
      if (next.takerQuantity === wanted) break;
    } else {
      done.quantity += next.quantity;
      done.quote += multiply(next.price, next.quantity);
    }
  }
  return { steps, quantity: done.quantity, prevented: done.prevented };
}

function stepWith(item: Sweepable, wanted: Units, mode: SelfTradeMode): SweepStep {
  const { price } = item;
  if (item.with === "tape") return { kind: "fill", price, quantity: least(wanted, item.quantity) };
  const maker = item.order;
  const resting = remainingOf(maker);
  const smaller = least(wanted, resting);
  if (mode === "none") return { kind: "fill-own", price, quantity: smaller, maker };
  const [takerQuantity, makerQuantity] = preventedOf(mode, wanted, resting, smaller);
  return { kind: "prevent", price, maker, takerQuantity, makerQuantity };
}

function preventedOf(
  mode: Exclude<SelfTradeMode, "none">,
  wanted: Units,
  resting: Units,
  smaller: Units,
): readonly [taker: Units, maker: Units] {
  switch (mode) {
    case "expire-maker":
      return [0n, resting];
    case "expire-taker":
      return [wanted, 0n];
    case "expire-both":
      return [wanted, resting];
    case "decrement":
      return [smaller, smaller];
  }
}

function isWithin(request: OrderRequest, price: Units, limitPrice: Units): boolean {
  return request.side === "buy" ? price <= limitPrice : price >= limitPrice;
}

function stillWanted(amount: WantedAmount, done: Done, price: Units, step: Units): Units {
  if (amount.of === "base") return amount.quantity - done.quantity - done.prevented;
  const affordable = ((amount.quantity - done.quote) * ONE) / price;
  return affordable - (affordable % step) - done.prevented;
}
