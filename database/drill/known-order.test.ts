import { describe, expect, it } from "vitest";
import { isProved } from "../proof/proof.ts";
import { type KnownOrder, proveOrders } from "./known-order.ts";

const order = (key: string, beganMicros: bigint, answeredMicros: bigint, isAccepted = true): KnownOrder => ({
  key,
  beganMicros,
  answeredMicros,
  isAccepted,
});
const KNOWN = [order("a", 10n, 20n), order("b", 30n, 40n, false), order("c", 45n, 60n), order("d", 70n, 80n)];
const at = (moment: bigint, ...keys: string[]) => proveOrders(KNOWN, moment, new Set(keys));

describe("a restored database, by what clients know", () => {
  it("has each accepted order that was answered before, and none that was placed after", () => {
    expect(at(50n, "a").map(isProved)).toEqual([true, true]);
  });

  it("may have an order that was on its way, and one that was not accepted", () => {
    expect(at(50n, "a", "b", "c").map(isProved)).toEqual([true, true]);
  });

  it("is wrong when an answered order is lost", () => {
    expect(at(65n, "a")).toMatchObject([{ examined: 2, violations: [expect.stringContaining("c")] }, {}]);
  });

  it("is wrong when an order is there that was placed later", () => {
    expect(at(50n, "a", "d")[1]).toMatchObject({ violations: [expect.stringContaining("d")] });
  });

  it("proves nothing when nobody placed an order before", () => {
    expect(at(5n).map(isProved)).toEqual([false, true]);
  });
});
