import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KnownOrders } from "./known-orders.ts";

describe("the orders that clients know", () => {
  it("are none at first", () => {
    expect(new KnownOrders<string>().pick(0.5)).toBeUndefined();
    expect(new KnownOrders<string>().take(0.5)).toBeUndefined();
  });

  it("are taken once each", () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(unit, { minLength: 60, maxLength: 60 }),
        (count, draws) => {
          const known = new KnownOrders<string>();
          const ids = Array.from({ length: count }, (_, index) => `order-${index}`);
          for (const id of ids) known.remember(id);
          const taken = draws.map((draw) => known.take(draw)).filter((id) => id !== undefined);
          expect(taken.toSorted()).toEqual(ids.toSorted());
        },
      ),
    );
  });

  it("are limited: the oldest are dropped first", () => {
    const known = new KnownOrders<string>();
    for (let index = 0; index < 10_500; index++) known.remember(`order-${index}`);
    expect(known.pick(0)).toBe("order-10000");
    expect(known.pick(0.05)).toBe("order-500");
  });
});
