import { describe, expect, it } from "vitest";
import type { CheckRecord } from "../../evidence/index.ts";
import { discountContended } from "./judge-machine.ts";

describe("a machine that others fill", () => {
  const checks: readonly CheckRecord[] = [
    {
      kind: "steady-state",
      name: "after",
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
      received: "ApiLatencyP95High",
    },
    {
      kind: "trigger",
      name: "FeedStale",
      basis: "count",
      verdict: "fail",
      expected: "fires",
      received: "did not fire",
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
  const verdictsUnder = (contendedShare: number) =>
    discountContended(checks, { kind: "measured", contendedShare, fullShare: 1, foreignShare: 0.4 }).map(
      ({ verdict }) => verdict,
    );

  it("takes the weight from measured times and false alarms, never from an invariant or a silent trigger", () => {
    expect(verdictsUnder(0.3)).toEqual(["inconclusive", "inconclusive", "fail", "fail"]);
  });

  it("changes nothing when it was contended for a moment only, or when that is not known", () => {
    expect(verdictsUnder(0.05)).toEqual(["fail", "fail", "fail", "fail"]);
    expect(discountContended(checks, { kind: "unknown" })).toEqual(checks);
  });
});
