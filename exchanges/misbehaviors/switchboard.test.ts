import { describe, expect, it } from "vitest";
import { ackLost } from "./ack-lost.ts";
import { clockSkew } from "./clock-skew.ts";
import type { Frequency } from "./misbehavior.ts";
import { Switchboard } from "./switchboard.ts";

/** A switchboard whose clock the test advances. */
function bench(seed = 1) {
  const time = { ms: 0 };
  const clock = { nowMs: () => time.ms, monotonicMs: () => time.ms, sleep: () => Promise.resolve() };
  const switchboard = new Switchboard({ venue: "binance", seed, clock });
  const on = (frequency: Frequency, ttlMs: number | null = null) =>
    switchboard.switchOn("ack-lost", { frequency, options: {}, ttlMs });
  const struck = (occasions: number) =>
    Array.from({ length: occasions }, () => switchboard.bites(ackLost))
      .map(Number)
      .join("");
  return { time, switchboard, on, struck };
}

describe("an enabled misbehavior", () => {
  it("takes effect on every n-th occasion", () => {
    const { on, struck } = bench();
    on({ every: 3 });
    expect(struck(7)).toBe("0010010");
  });

  it("takes effect only on the next few occasions", () => {
    const { on, struck } = bench();
    on({ times: 2 });
    expect(struck(5)).toBe("11000");
  });

  it("takes effect on a share of the occasions, the same ones for the same seed", () => {
    const draw = (seed: number) => {
      const { on, struck } = bench(seed);
      on({ share: 0.25 });
      return struck(2_000);
    };
    const struck = draw(7).replaceAll("0", "").length;
    expect(struck).toBeGreaterThan(400);
    expect(struck).toBeLessThan(600);
    expect(draw(7)).toBe(draw(7));
    expect(draw(7)).not.toBe(draw(8));
  });

  it("expires when its time is over, and keeps its count of bites", () => {
    const { time, switchboard, on, struck } = bench();
    on({ every: 1 }, 500);
    time.ms = 499;
    expect(switchboard.state("ack-lost")).toMatchObject({ frequency: { every: 1 }, expiresInMs: 1 });
    expect(struck(1)).toBe("1");
    time.ms = 500;
    expect(struck(2)).toBe("00");
    expect(switchboard.state("ack-lost")).toMatchObject({ frequency: "off", bites: 1, expiresInMs: null });
  });

  it("is renewed when it is enabled again", () => {
    const { time, on, struck } = bench();
    on({ every: 1 }, 500);
    time.ms = 400;
    on({ every: 1 }, 500);
    time.ms = 800;
    expect(struck(1)).toBe("1");
  });

  it("returns its options", () => {
    const { switchboard } = bench();
    expect(switchboard.active(clockSkew)).toBeUndefined();
    switchboard.switchOn("clock-skew", { frequency: { every: 1 }, options: { skewMs: 5 }, ttlMs: null });
    expect(switchboard.active(clockSkew)).toEqual({ skewMs: 5 });
    expect(switchboard.strikes(clockSkew)).toEqual({ skewMs: 5 });
    switchboard.switchOff("clock-skew");
    expect(switchboard.strikes(clockSkew)).toBeUndefined();
  });
});

it("a venue has only the misbehaviors that were observed at it", () => {
  const { switchboard } = bench();
  expect(switchboard.state("html-504")).toBeUndefined();
  expect(switchboard.state("ip-ban")).toBeDefined();
});
