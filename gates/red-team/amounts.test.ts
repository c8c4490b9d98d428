import { describe, expect, it } from "vitest";
import { differing } from "./decimal-rounding.ts";
import { sumsOf } from "./decimal-tick-drift.ts";
import { inParallel } from "./in-parallel.ts";

describe("amounts", () => {
  it("are the same however they are written, and differ by their last decimal", () => {
    const pair = (one: string, other: string) => ({ what: "cost", one, other });
    const last = pair("12345678901234567890.000000000000000001", "12345678901234567890.000000000000000002");
    expect(differing([pair("1.50", "1.5"), pair("0", "0.00"), last])).toEqual([last]);
  });

  it("that are not there differ from each other", () => {
    const pair = { what: "cost", one: "NaN", other: "1" };
    expect(differing([pair])).toEqual([pair]);
  });

  it("of fills add up exactly, less the fees that were taken in what was bought", () => {
    const fill = (quantity: string, cost: string, fee: string, fee_asset: string) => ({
      ...{ symbol: "BTCUSDT", quantity, cost, fee, fee_asset },
    });
    const fills = [fill("0.1", "0.1", "0.00001", "BTC"), fill("0.2", "0.2", "5", "USDT")];
    expect(sumsOf(fills)).toEqual({ quantity: "0.29999", cost: "0.3" });
  });
});

describe("work in parallel", () => {
  it("returns results in the order of the items, and has no more than so many at once", async () => {
    let running = 0;
    let most = 0;
    const done = await inParallel([3, 1, 2, 5, 4], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(done).toEqual([30, 10, 20, 50, 40]);
    expect(most).toBe(2);
  });
});
