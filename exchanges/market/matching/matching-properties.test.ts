import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bench, BINANCE_FEES, BTCTURK_FEES, bench } from "../../testing/matching-bench.ts";
import type { Level, OrderBook } from "../order-book.ts";
import { formatTrimmed, multiply, parseUnits, type Units } from "../units.ts";
import { isOpen } from "./order.ts";

const price = fc.integer({ min: 95, max: 105 }).map((units) => parseUnits(String(units)));
const quantity = fc.integer({ min: 0, max: 300_000 }).map((steps) => BigInt(steps) * 1_000n);
const someLevels = fc.array(fc.tuple(price, quantity), { maxLength: 4 });
const action = fc.oneof(
  fc.record({
    do: fc.constant("place" as const),
    side: fc.constantFrom("buy" as const, "sell" as const),
    type: fc.constantFrom("limit" as const, "market" as const, "limit-maker" as const),
    timeInForce: fc.constantFrom("gtc" as const, "ioc" as const, "fok" as const),
    price,
    quantity: quantity.filter((units) => units > 0n),
    selfTrade: fc.constantFrom("none", "expire-taker", "expire-maker", "expire-both", "decrement" as const),
    trigger: fc.option(
      fc.record({ stopPrice: price, when: fc.constantFrom("rises-to", "falls-to" as const) }),
      {
        freq: 3,
        nil: undefined,
      },
    ),
    visibleShare: fc.option(fc.integer({ min: 2, max: 10 }), { nil: undefined }),
  }),
  fc.record({ do: fc.constant("depth" as const), bids: someLevels, asks: someLevels }),
  fc.record({ do: fc.constant("trade" as const), price, quantity, buyerIsMaker: fc.boolean() }),
  fc.record({ do: fc.constant("cancel" as const), pick: fc.nat() }),
);

function act(on: Bench, step: typeof action extends fc.Arbitrary<infer Action> ? Action : never): void {
  if (step.do === "trade") on.trade(step.price, step.quantity, step.buyerIsMaker);
  if (step.do === "cancel") {
    const open = on.engine.openOrders;
    const order = open[step.pick % Math.max(1, open.length)];
    if (order !== undefined) on.engine.cancel(order);
  }
  if (step.do === "depth") on.depth(uncrossed(on.book, step));
  if (step.do !== "place") return;
  const { side, type, selfTrade } = step;
  const trigger = type === "limit-maker" ? undefined : step.trigger;
  const isIceberg = type !== "market" && step.visibleShare !== undefined;
  const timeInForce = isIceberg ? "gtc" : step.timeInForce;
  const visibleQuantity = isIceberg ? step.quantity / BigInt(step.visibleShare ?? 1) + 1n : undefined;
  const amount = { of: "base", quantity: step.quantity } as const;
  const terms = { type, timeInForce, amount, selfTrade, trigger, visibleQuantity };
  try {
    on.place(side, "0", type === "market" ? undefined : formatTrimmed(step.price), terms);
  } catch (cause) {
    expect(cause).toMatchObject({ name: "OrderRefused" });
  }
}

/** A tape's book never crosses itself: a diff that raises the bids above asks deletes those asks. */
function uncrossed(book: OrderBook, { bids, asks }: { bids: Level[]; asks: Level[] }) {
  const best = bids.reduce((most, [price, units]) => (units > 0n && price > most ? price : most), 0n);
  const swept = book.asks.levels().filter(([price]) => price <= best);
  const kept = asks.filter(([price]) => price > best && price > (book.bids.bestPrice ?? 0n));
  return { bids, asks: [...swept.map(([price]): Level => [price, 0n]), ...kept] };
}

describe("whatever happens", () => {
  it.each([
    ["received", BINANCE_FEES],
    ["quote", BTCTURK_FEES],
  ] as const)("money is conserved to the last unit, fees from %s", (_, fees) => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const on = bench(fees);
        for (const step of actions) act(on, step);
        const expected = new Map(on.ledger.balances.map(({ asset, initial }) => [asset, initial]));
        const add = (asset: string, amount: Units): void => {
          expected.set(asset, (expected.get(asset) ?? 0n) + amount);
        };
        for (const trade of on.engine.trades) {
          const sign = trade.side === "buy" ? 1n : -1n;
          add("BTC", sign * trade.quantity);
          add("USDT", -sign * multiply(trade.price, trade.quantity));
          add(trade.feeAsset, -trade.fee);
        }
        for (const { asset, free, locked } of on.ledger.balances) {
          const reserved = on.engine.openOrders.filter(({ lockedAsset }) => lockedAsset === asset);
          expect(free + locked, asset).toBe(expected.get(asset));
          expect(locked, asset).toBe(reserved.reduce((sum, order) => sum + order.locked, 0n));
          expect(free >= 0n && locked >= 0n).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("no open order crosses another of the account or the rest of the tape's book", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const on = bench();
        for (const step of actions) act(on, step);
        const open = on.engine.openOrders.filter(({ workingSinceMs }) => workingSinceMs !== undefined);
        const bids = open.filter(({ side }) => side === "buy").map(({ limitPrice }) => limitPrice ?? 0n);
        const asks = open.filter(({ side }) => side === "sell").map(({ limitPrice }) => limitPrice ?? 0n);
        for (const bid of bids) for (const ask of asks) expect(bid < ask).toBe(true);
        // An IOC probe at an open bid's price must find nothing: the bid would have taken it.
        for (const bid of bids) {
          const probe = on.place("buy", "0.00001", formatTrimmed(bid), { timeInForce: "ioc" });
          expect(probe.trades).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("orders add up: fills equal the executed quantity, and only the rest is open", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const on = bench();
        for (const step of actions) act(on, step);
        for (const order of on.engine.orders) {
          expect(order.trades.reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(order.executedQuantity);
          expect(order.trades.reduce((sum, { quote }) => sum + quote, 0n)).toBe(order.executedQuote);
          expect(order.executedQuantity <= order.quantity).toBe(true);
          expect(on.engine.openOrders.includes(order)).toBe(isOpen(order));
          expect(order.status === "filled").toBe(order.executedQuantity === order.quantity);
          expect(order.preventedQuantity <= order.quantity - order.executedQuantity).toBe(true);
          if (!isOpen(order)) expect(order.locked).toBe(0n);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("equal starts and equal events give equal orders and trades", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const [left, right] = [bench(), bench()];
        for (const step of actions) for (const on of [left, right]) act(on, step);
        expect(left.engine.orders).toEqual(right.engine.orders);
        expect(left.engine.trades).toEqual(right.engine.trades);
      }),
      { numRuns: 50 },
    );
  });
});
