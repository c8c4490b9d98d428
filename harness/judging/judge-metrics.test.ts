import { describe, expect, it } from "vitest";
import type { MetricValue } from "../observation/measured.ts";
import { judgeCondition, judgeOccurrence } from "./judge-metrics.ts";

const NO_DATA: MetricValue = { kind: "no-data" };
const measured = (value: number): MetricValue => ({ kind: "measured", value, samples: 12 });

describe("a condition on the platform's metrics", () => {
  const atMost = { name: "kept", expression: "up", limit: { atMost: 0 } } as const;
  const atLeast = { name: "seen", expression: "up", limit: { atLeast: 1 } } as const;

  it("holds at its limit and fails beyond it", () => {
    expect([0, 1].map((value) => judgeCondition(atMost, measured(value)).verdict)).toEqual(["pass", "fail"]);
    expect([1, 0].map((value) => judgeCondition(atLeast, measured(value)).verdict)).toEqual(["pass", "fail"]);
  });

  it("rests on the runner's own schedule, which neither a late load generator nor a busy machine excuses", () => {
    expect(judgeCondition(atMost, measured(3))).toMatchObject({
      kind: "invariant",
      basis: "schedule",
      expected: "at most 0",
      received: "3",
      judgedBy: { count: 12, noun: "sample" },
    });
  });

  it("is inconclusive when its query read no metric at all", () => {
    const constant: MetricValue = { kind: "measured", value: 0, samples: 0 };
    expect(judgeCondition(atMost, constant).verdict).toBe("inconclusive");
    expect(judgeOccurrence("reconnect", { ...constant, value: 1 }).verdict).toBe("inconclusive");
  });

  it("is inconclusive without data", () => {
    expect(judgeCondition(atMost, NO_DATA)).toMatchObject({ verdict: "inconclusive", received: "no data" });
  });

  it("is inconclusive when it could not be evaluated, and says why", () => {
    expect(judgeCondition(atMost, { kind: "failed", why: "unexpected )" })).toMatchObject({
      verdict: "inconclusive",
      received: "it could not be evaluated: unexpected )",
    });
  });
});

describe("an event that is required for a proof", () => {
  it("passes when it happened, and is inconclusive when it did not or is unknown", () => {
    expect(judgeOccurrence("reconnect", measured(2)).verdict).toBe("pass");
    expect(judgeOccurrence("reconnect", measured(0)).verdict).toBe("inconclusive");
    expect(judgeOccurrence("reconnect", NO_DATA).verdict).toBe("inconclusive");
  });
});
