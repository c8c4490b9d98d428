import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeVerdicts } from "../../core/index.ts";
import { type BlastMeasurement, judgeBlast } from "./blast-check.ts";

const healthy: BlastMeasurement = {
  requests: 300,
  successes: 300,
  latencyMsP50: 5,
  latencyMsP95: 20,
  pings: 60,
  pongs: 60,
  pingMsP95: 4,
  cpuFraction: 0.1,
};

const verdictOf = (change: Partial<BlastMeasurement>) =>
  mergeVerdicts(judgeBlast({ ...healthy, ...change }).map((check) => check.verdict));

describe("the micro blast radius", () => {
  it("passes a healthy platform", () => {
    expect(verdictOf({})).toBe("pass");
  });

  it("blocks at a success rate of 95 %, and passes just above", () => {
    expect(verdictOf({ successes: 285 })).toBe("fail");
    expect(verdictOf({ successes: 286 })).toBe("pass");
  });

  it("blocks at a P95 of half a second, even with a busy CPU", () => {
    expect(verdictOf({ latencyMsP95: 500, cpuFraction: 0.95 })).toBe("fail");
    expect(verdictOf({ latencyMsP95: 499, cpuFraction: 0.95 })).toBe("pass");
  });

  it("blocks when latency is high while the CPU is idle", () => {
    expect(verdictOf({ latencyMsP95: 251, cpuFraction: 0.59 })).toBe("fail");
    expect(verdictOf({ latencyMsP95: 251, cpuFraction: 0.6 })).toBe("pass");
    expect(verdictOf({ latencyMsP95: 250, cpuFraction: 0.01 })).toBe("pass");
  });

  it("does not release on slow answers whose CPU is unknown", () => {
    expect(verdictOf({ latencyMsP95: 251, cpuFraction: null })).toBe("inconclusive");
    expect(verdictOf({ cpuFraction: null })).toBe("pass");
  });

  it("blocks when pings stay unanswered", () => {
    expect(verdictOf({ pongs: 57 })).toBe("fail");
    expect(verdictOf({ pings: 1, pongs: 0 })).toBe("fail");
  });

  it("is inconclusive with too few requests, but blocks on failures at once", () => {
    expect(verdictOf({ requests: 59, successes: 59 })).toBe("inconclusive");
    expect(verdictOf({ requests: 10, successes: 0 })).toBe("fail");
  });

  it("never calls no data a pass", () => {
    const nothing = { requests: 0, successes: 0, latencyMsP50: null, latencyMsP95: null, pings: 0, pongs: 0 };
    expect(verdictOf({ ...nothing, pingMsP95: null, cpuFraction: null })).toBe("inconclusive");
  });

  it.each<[string, Partial<BlastMeasurement>, string]>([
    [
      "an endless CPU",
      { cpuFraction: Number.POSITIVE_INFINITY },
      "cpuFraction: expected 0 to 1024 cores, got Infinity",
    ],
    ["a negative CPU", { cpuFraction: -5 }, "cpuFraction: expected 0 to 1024 cores, got -5"],
    [
      "a latency that is NaN",
      { latencyMsP50: Number.NaN },
      "latencyMsP50: expected 0 to 86400000 ms, got NaN",
    ],
    ["more successes than requests", { successes: 301 }, "301 of 300 requests succeeded"],
    ["more pongs than pings", { pongs: 61 }, "61 of 60 pings were answered"],
    ["percentiles that cross", { latencyMsP50: 30 }, "P50 30 ms is above P95 20 ms"],
    ["a percentile that is missing", { latencyMsP50: null }, "P50 of 300 requests is unknown"],
    ["pongs that nobody timed", { pingMsP95: null }, "P95 of 60 pings is unknown"],
  ])("never releases on %s, and says so in one line", (_what, change, line) => {
    const checks = judgeBlast({ ...healthy, ...change });
    expect(mergeVerdicts(checks.map(({ verdict }) => verdict))).not.toBe("pass");
    expect(checks.filter(({ name }) => name === "measurement").map(({ received }) => received)).toEqual([
      line,
    ]);
  });

  it("never releases on a number that nothing can measure, whichever it is", () => {
    const impossible = fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -1,
      1e300,
    );
    const names = Object.keys(healthy) as (keyof BlastMeasurement)[];
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), impossible, (changed, value) => {
        expect(verdictOf(Object.fromEntries(changed.map((name) => [name, value])))).not.toBe("pass");
      }),
    );
  });
});
