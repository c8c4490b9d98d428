import { describe, expect, it } from "vitest";
import { judgeGenerator } from "./generator-health.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

function lags(...lagsMs: number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const lagMs of lagsMs) histogram.record(lagMs);
  return histogram;
}

describe("a generator's health", () => {
  it("is sound when it was on time and sent everything", () => {
    const health = judgeGenerator({
      lags: lags(0.2, 0.4),
      maxLagMsP99: 20,
      dropped: 0,
      cpuMs: 1,
      priorityRaised: false,
    });
    expect(health).toMatchObject({ state: "sound", cpuMsPerOperation: 0.5, dropped: 0 });
  });

  it("is unsound when its own lag at P99 exceeds the limit, with both numbers in the reason", () => {
    const health = judgeGenerator({
      lags: lags(0.2, 35),
      maxLagMsP99: 20,
      dropped: 0,
      cpuMs: 1,
      priorityRaised: false,
    });
    expect(health).toMatchObject({
      state: "unsound",
      reasons: ["Expected starts at most 20 ms late at P99, measured 35.0 ms."],
    });
  });

  it("is unsound when it dropped a single operation", () => {
    expect(
      judgeGenerator({ lags: lags(0.2), maxLagMsP99: 20, dropped: 1, cpuMs: 1, priorityRaised: false }).state,
    ).toBe("unsound");
  });

  it("is unsound when nothing was started: no data proves nothing", () => {
    expect(
      judgeGenerator({ lags: lags(), maxLagMsP99: 20, dropped: 0, cpuMs: 1, priorityRaised: false }),
    ).toMatchObject({
      state: "unsound",
      cpuMsPerOperation: null,
    });
  });
});
