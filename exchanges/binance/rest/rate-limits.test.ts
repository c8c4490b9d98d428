import { describe, expect, it } from "vitest";
import { BinanceError } from "../binance-error.ts";
import { RateLimits } from "./rate-limits.ts";

/** The beginning of a minute. */
const START_MS = 1_700_000_040_000;

function limits(mode: "counted" | "enforced" = "enforced") {
  const clock = { ms: START_MS };
  const use = new RateLimits(
    { nowMs: () => clock.ms, monotonicMs: () => clock.ms, sleep: () => Promise.resolve() },
    mode,
  );
  return { clock, use };
}

function refusal(act: () => void): BinanceError | undefined {
  try {
    act();
  } catch (cause) {
    if (cause instanceof BinanceError) return cause;
    throw cause;
  }
  return undefined;
}

function banned(use: RateLimits): BinanceError | undefined {
  for (let count = 0; count < 200; count++) {
    const error = refusal(() => use.charge(6_001));
    if (error?.status === 418) return error;
  }
  return undefined;
}

describe("the request weight", () => {
  it("is counted in whole minutes of the clock", () => {
    const { clock, use } = limits();
    clock.ms += 59_000;
    use.charge(6_000);
    const error = refusal(() => use.charge(1));
    expect([error?.status, error?.headers["retry-after"], error?.retryAtMs]).toEqual([
      429,
      "1",
      START_MS + 60_000,
    ]);
    clock.ms += 1_000;
    expect(refusal(() => use.charge(1))).toBeUndefined();
    expect(use.weightHeaders()["x-mbx-used-weight-1m"]).toBe("1");
  });

  it("is only counted when limits are not enforced", () => {
    const { use } = limits("counted");
    expect(refusal(() => use.charge(100_000))).toBeUndefined();
    expect(use.weightHeaders()["x-mbx-used-weight-1m"]).toBe("100000");
  });
});

describe("a ban", () => {
  it("follows when a client continues, lasts two minutes, and longer each time, up to three days", () => {
    const { clock, use } = limits();
    const lengths: number[] = [];
    for (let count = 0; count < 13; count++) {
      const until = banned(use)?.retryAtMs ?? Number.NaN;
      lengths.push((until - clock.ms) / 60_000);
      clock.ms = until;
    }
    expect(lengths.slice(0, 4)).toEqual([2, 4, 8, 16]);
    expect(lengths.at(-1)).toBe(3 * 24 * 60);
  });

  it("refuses everything until it is over, and says until when", () => {
    const { clock, use } = limits();
    const until = banned(use)?.retryAtMs ?? Number.NaN;
    clock.ms = until - 1;
    expect(refusal(() => use.charge(1))?.message).toBe(
      `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`,
    );
    clock.ms = until;
    expect(refusal(() => use.charge(1))).toBeUndefined();
  });
});

describe("the order counts", () => {
  const orderCounts = (use: RateLimits): number[] => use.orderUsage().map(({ count }) => count);

  it("refuse the 51st unfilled order of ten seconds", () => {
    const { clock, use } = limits();
    for (let count = 0; count < 50; count++) use.countOrder();
    expect(refusal(() => use.checkOrders())?.message).toBe(
      "Too many new orders; current limit is 50 orders per 10 SECOND.",
    );
    clock.ms += 10_000;
    expect(refusal(() => use.checkOrders())).toBeUndefined();
    expect(orderCounts(use)).toEqual([0, 50]);
  });

  it("fall by one at an order's first fill as taker, by five as maker, never below zero", () => {
    const { use } = limits();
    for (let count = 0; count < 8; count++) use.countOrder();
    use.noteFirstFill(false);
    expect(orderCounts(use)).toEqual([7, 7]);
    use.noteFirstFill(true);
    use.noteFirstFill(true);
    expect(orderCounts(use)).toEqual([0, 0]);
  });
});

describe("connections", () => {
  it("are limited to 300 in five minutes", () => {
    const { clock, use } = limits();
    for (let count = 0; count < 300; count++) expect(use.mayConnect()).toBe(true);
    expect(use.mayConnect()).toBe(false);
    clock.ms += 5 * 60_000;
    expect(use.mayConnect()).toBe(true);
  });
});
