import { describe, expect, it } from "vitest";
import type { MetricValue } from "../observation/measured.ts";
import { judgeCondition, judgeMetricsPage, judgeOccurrence } from "./judge-metrics.ts";

const NO_DATA: MetricValue = { kind: "no-data" };
const measured = (value: number): MetricValue => ({ kind: "measured", value, samples: 12 });

describe("a condition on the platform's metrics", () => {
  const atMost = {
    name: "kept",
    expression: "up",
    limit: { atMost: 0 },
    quantity: "amount",
    basis: "schedule",
  } as const;
  const atLeast = {
    name: "seen",
    expression: "up",
    limit: { atLeast: 1 },
    quantity: "ratio",
    basis: "schedule",
  } as const;

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

describe("a condition", () => {
  it("says whether a machine that others use excuses its failure", () => {
    const condition = { name: "read", expression: "up", limit: { atLeast: 1 }, quantity: "ratio" } as const;
    const failed = measured(0.5);
    expect(judgeCondition({ ...condition, basis: "time" }, failed)).toMatchObject({
      verdict: "fail",
      basis: "time",
    });
    expect(judgeCondition({ ...condition, basis: "schedule" }, failed).basis).toBe("schedule");
  });
});

describe("an impossible value", () => {
  const bounds = { name: "kept", expression: "up", quantity: "amount", basis: "schedule" } as const;

  it.each([
    [-3, { atMost: 0 }, "expected 0 or more, got -3"],
    [Number.NEGATIVE_INFINITY, { atMost: 0 }, "expected 0 or more, got -Infinity"],
    [Number.POSITIVE_INFINITY, { atLeast: 1 }, "expected 0 or more, got Infinity"],
  ])("of %d never keeps a condition", (value, limit, received) => {
    const check = judgeCondition({ ...bounds, limit }, measured(value));
    expect(check).toMatchObject({ verdict: "inconclusive", received });
  });

  it("is no event either", () => {
    expect(judgeOccurrence("reconnect", measured(Number.POSITIVE_INFINITY))).toMatchObject({
      verdict: "inconclusive",
      received: "expected 0 or more, got Infinity",
    });
  });

  it("depends on the quantity: a change may be negative, a ratio is at most 1", () => {
    const limit = { atMost: 5 };
    expect(judgeCondition({ ...bounds, limit, quantity: "change" }, measured(-3)).verdict).toBe("pass");
    expect(judgeCondition({ ...bounds, limit, quantity: "ratio" }, measured(1.2)).verdict).toBe(
      "inconclusive",
    );
  });
});

describe("the platform's metrics pages", () => {
  const pages = { pages: 12, problems: [], refused: [] };

  it("pass, and list the samples that could not be stored", () => {
    expect(judgeMetricsPage(pages)).toMatchObject({ verdict: "pass", received: "nothing impossible" });
    const refused = ["platform: 3 samples refused, of a_total last: dated 2 min ahead of the clock"];
    expect(judgeMetricsPage({ ...pages, refused })).toMatchObject({ verdict: "pass", received: refused[0] });
  });

  it("are inconclusive with impossible values, of which three are shown", () => {
    const problems = ["a: -1", "b: -2", "c: -3", "d: -4", "e: -5"];
    expect(judgeMetricsPage({ ...pages, problems })).toMatchObject({
      verdict: "inconclusive",
      received: "a: -1; b: -2; c: -3; and 2 more",
    });
  });

  it("are inconclusive when there was none", () => {
    expect(judgeMetricsPage({ ...pages, pages: 0 }).verdict).toBe("inconclusive");
  });
});

describe("an event that is required for a proof", () => {
  it("passes when it happened, and is inconclusive when it did not or is unknown", () => {
    expect(judgeOccurrence("reconnect", measured(2)).verdict).toBe("pass");
    expect(judgeOccurrence("reconnect", measured(0)).verdict).toBe("inconclusive");
    expect(judgeOccurrence("reconnect", NO_DATA).verdict).toBe("inconclusive");
  });
});
