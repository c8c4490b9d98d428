import type { Level } from "../order-book.ts";
import { least, multiply, ONE, type Units } from "../units.ts";
import type { Order, OrderRequest, WantedAmount } from "./order.ts";
import type { RestingOrder } from "./own-book.ts";

/** What an incoming order meets, in price-time order. */
export type Sweepable =
  | { readonly with: "tape"; readonly price: Units; readonly quantity: Units }
  | { readonly with: "own"; readonly price: Units; readonly order: Order };

/** What an incoming order would do, before anything is done. */
export interface Sweep {
  readonly fills: readonly Level[];
  /** Own resting orders that the incoming one reached: they must not trade with it. */
  readonly ownReached: readonly Order[];
  readonly quantity: Units;
  readonly quote: Units;
}

/**
 * Merges the tape's levels with own resting orders of the same side. At equal prices the tape stands first: it
 * was there before.
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

/** Works out what an order takes at once. `step` is the smallest quantity, for orders by quote sum. */
export function sweep(request: OrderRequest, met: Iterable<Sweepable>, step: Units): Sweep {
  const fills: Level[] = [];
  const ownReached: Order[] = [];
  let quantity = 0n;
  let quote = 0n;
  for (const item of met) {
    const { limitPrice } = request;
    if (limitPrice !== undefined && !isWithin(request, item.price, limitPrice)) break;
    const wanted = stillWanted(request.amount, { quantity, quote }, item.price, step);
    if (wanted <= 0n) break;
    if (item.with === "own") {
      ownReached.push(item.order);
      continue;
    }
    const taken = least(wanted, item.quantity);
    fills.push([item.price, taken]);
    quantity += taken;
    quote += multiply(item.price, taken);
  }
  return { fills, ownReached, quantity, quote };
}

function isWithin(request: OrderRequest, price: Units, limitPrice: Units): boolean {
  return request.side === "buy" ? price <= limitPrice : price >= limitPrice;
}

function stillWanted(
  amount: WantedAmount,
  done: { quantity: Units; quote: Units },
  price: Units,
  step: Units,
): Units {
  if (amount.of === "base") return amount.quantity - done.quantity;
  const affordable = ((amount.quantity - done.quote) * ONE) / price;
  return affordable - (affordable % step);
}
