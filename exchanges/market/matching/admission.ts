import type { Units } from "../units.ts";
import { type FeeSchedule, purchaseReserve } from "./fees.ts";
import type { Ledger } from "./ledger.ts";
import type { OrderRequest } from "./order.ts";
import { OrderRefused } from "./order-refused.ts";
import { NO_SWEEP, type Sweep } from "./sweep.ts";
import type { SymbolBook } from "./symbol-book.ts";
import { isReached } from "./waiting-orders.ts";

/** The account that an order is checked against. */
export interface Means {
  readonly fees: FeeSchedule;
  readonly ledger: Ledger;
}

/** An order that may be accepted: its whole quantity in the base asset, and what it does immediately. */
export interface Admission {
  readonly quantity: Units;
  readonly taken: Sweep;
}

/**
 * Decides whether an order may be accepted, without changing anything.
 *
 * @throws OrderRefused when it may not.
 */
export function admit(symbolBook: SymbolBook, request: OrderRequest, means: Means): Admission {
  return request.trigger === undefined
    ? admitWorking(symbolBook, request, means)
    : admitWaiting(symbolBook, request, means);
}

/** The part of a sweep that the order executes: fill or kill executes all of it or nothing. */
export function unlessKilled(request: OrderRequest, found: Sweep, quantity: Units): Sweep {
  return request.timeInForce === "fok" && found.quantity < quantity ? NO_SWEEP : found;
}

/** The amount that an order needs to have free, in the asset that it gives away. */
export function costOf(fees: FeeSchedule, request: OrderRequest, { quantity, taken }: Admission): Units {
  if (request.side === "sell") return quantity;
  if (request.type !== "market" && request.limitPrice !== undefined) {
    return purchaseReserve(fees, request.limitPrice, quantity);
  }
  return taken.steps.reduce(
    (sum, step) => (step.kind === "prevent" ? sum : sum + purchaseReserve(fees, step.price, step.quantity)),
    0n,
  );
}

function admitWorking(symbolBook: SymbolBook, request: OrderRequest, means: Means): Admission {
  const found = symbolBook.sweep(request);
  if (request.type === "limit-maker" && found.steps.length > 0) {
    throw new OrderRefused(
      "would-take",
      "Expected a price at which the order rests, got one that trades at once.",
    );
  }
  if (request.amount.of === "quote" && found.steps.length === 0) {
    throw new OrderRefused("no-liquidity", "Expected orders on the book that the sum can buy from.");
  }
  const quantity = request.amount.of === "base" ? request.amount.quantity : found.quantity + found.prevented;
  const admission = { quantity, taken: unlessKilled(request, found, quantity) };
  checkFunds(symbolBook, request, means, costOf(means.fees, request, admission));
  return admission;
}

/** A waiting purchase at the market reserves its cost at the stop price. */
function admitWaiting(symbolBook: SymbolBook, request: OrderRequest, means: Means): Admission {
  const { trigger, amount } = request;
  const { lastPrice } = symbolBook;
  if (trigger === undefined || (lastPrice !== undefined && isReached(trigger, lastPrice))) {
    throw new OrderRefused("would-trigger", "Expected a stop price that the last price has not reached.");
  }
  const { quantity } = amount;
  const price = request.limitPrice ?? trigger.stopPrice;
  const cost = request.side === "buy" ? purchaseReserve(means.fees, price, quantity) : quantity;
  checkFunds(symbolBook, request, means, cost);
  return { quantity, taken: NO_SWEEP };
}

function checkFunds({ pair }: SymbolBook, { side }: OrderRequest, { ledger }: Means, needed: Units): void {
  const asset = side === "buy" ? pair.quote : pair.base;
  if (needed > ledger.freeOf(asset)) {
    throw new OrderRefused("insufficient-balance", `Expected ${needed} units of ${asset} to be free.`);
  }
}
