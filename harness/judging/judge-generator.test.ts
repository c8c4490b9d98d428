import { describe, expect, it } from "vitest";
import type { CheckRecord } from "../../evidence/index.ts";
import { LatencyHistogram } from "../../load/index.ts";
import { discountUnsound } from "./judge-generator.ts";

describe("an unsound load generator", () => {
  const lagMs = new LatencyHistogram().summary();
  const measures = {
    lagMs,
    maxLagMsP99: 20,
    dropped: 0,
    cpuMs: 1,
    cpuMsPerOperation: 0.1,
    priorityRaised: false,
  };
  const checks: readonly CheckRecord[] = [
    {
      kind: "steady-state",
      name: "before",
      basis: "time",
      verdict: "fail",
      expected: "",
      received: "P95 300 ms",
    },
    {
      kind: "trigger",
      name: "no false alarm",
      basis: "alarm",
      verdict: "fail",
      expected: "",
      received: "FeedStale",
    },
    {
      kind: "invariant",
      name: "no-duplicate-orders",
      basis: "count",
      verdict: "fail",
      expected: "",
      received: "1 of 9",
    },
  ];

  it("takes the weight from measured times, never from an invariant or a false alarm", () => {
    const discounted = discountUnsound(checks, { state: "unsound", reasons: ["late"], ...measures });
    expect(discounted.map((check) => check.verdict)).toEqual(["inconclusive", "fail", "fail"]);
  });

  it("changes nothing when it is sound", () => {
    expect(discountUnsound(checks, { state: "sound", ...measures })).toEqual(checks);
  });
});
