import { describe, expect, it } from "vitest";
import { bench } from "../../testing/matching-bench.ts";
import { formatTrimmed, parseUnits } from "../units.ts";
import type { Trigger } from "./order.ts";

const rises = (stop: string): { trigger: Trigger } => ({
  trigger: { stopPrice: parseUnits(stop), when: "rises-to" },
});
const falls = (stop: string): { trigger: Trigger } => ({
  trigger: { stopPrice: parseUnits(stop), when: "falls-to" },
});
const tiny = parseUnits("0.00001");

describe("an order with a trigger", () => {
  it("waits without trading, with its cost reserved, until the last price reaches the stop price", () => {
    const on = bench();
    const order = on.place("buy", "1", "101", rises("100.5"));
    expect([order.status, order.workingSinceMs]).toEqual(["new", undefined]);
    expect(formatTrimmed(on.ledger.balance("USDT").locked)).toBe("101");
    on.trade(parseUnits("100.49"), tiny, false);
    expect(order.trades).toEqual([]);
    on.trade(parseUnits("100.5"), tiny, false);
    expect(order.status).toBe("filled");
    expect(order.workingSinceMs).toBeDefined();
    expect(on.ledger.balance("USDT").locked).toBe(0n);
  });

  it("rests at its limit when the market does not reach it after the trigger", () => {
    const on = bench();
    const order = on.place("sell", "1", "105", rises("100.5"));
    on.trade(parseUnits("101"), tiny, false);
    expect(order.status).toBe("new");
    on.trade(parseUnits("105"), parseUnits("1"), false);
    expect(order.status).toBe("filled");
  });

  it("sells at the market when it has no limit", () => {
    const on = bench();
    const order = on.place("sell", "2", undefined, falls("99.5"));
    on.trade(parseUnits("99.5"), tiny, true);
    expect(order.trades.map(({ price }) => formatTrimmed(price))).toEqual(["99", "98"]);
    expect(order.status).toBe("filled");
  });

  it("buys at the market as much as it can pay for, or expires", () => {
    const on = bench();
    const order = on.place("buy", "1", undefined, rises("100.5"));
    // Of 100000 this leaves 0.4, and the purchase costs half a unit more than its reserve.
    on.place("buy", "1109.99", "90");
    on.trade(parseUnits("100.5"), tiny, false);
    expect([order.status, order.trades]).toEqual(["expired", []]);
    expect(on.engine.openOrders).toHaveLength(1);
  });

  it("is refused when it would be triggered at once", () => {
    const on = bench();
    expect(() => on.place("buy", "1", "101", rises("99"))).toThrow(/stop price/);
    expect(() => on.place("sell", "1", "99", falls("101"))).toThrow(/stop price/);
    on.trade(parseUnits("98"), tiny, true);
    expect(on.place("buy", "1", "101", rises("99")).status).toBe("new");
  });

  it("releases its reserve when it is canceled, and is never triggered after that", () => {
    const on = bench();
    const order = on.place("sell", "1", undefined, falls("99.5"));
    on.engine.cancel(order);
    on.trade(parseUnits("99"), tiny, true);
    expect([order.status, order.trades, on.ledger.balance("BTC").locked]).toEqual(["canceled", [], 0n]);
  });
});

describe("an iceberg", () => {
  it("has only its visible part in the queue; the next part goes behind everything", () => {
    const on = bench();
    const order = on.place("buy", "3", "99.5", { visibleQuantity: parseUnits("1") });
    const later = on.place("buy", "1", "99.5");
    on.trade(parseUnits("99.5"), parseUnits("1.5"), true);
    expect([order, later].map(({ executedQuantity }) => formatTrimmed(executedQuantity))).toEqual([
      "1",
      "0.5",
    ]);
    on.trade(parseUnits("99.5"), parseUnits("1"), true);
    expect([order, later].map(({ executedQuantity }) => formatTrimmed(executedQuantity))).toEqual([
      "1.5",
      "1",
    ]);
  });

  it("is filled wholly by a trade that goes through its price", () => {
    const on = bench();
    const order = on.place("buy", "3", "99.5", { visibleQuantity: parseUnits("1") });
    on.trade(parseUnits("99.4"), parseUnits("3"), true);
    expect(order.status).toBe("filled");
  });
});
