import { describe, expect, it } from "vitest";
import { describeLimit, keepsLimit, queryOver } from "./golden-limits.ts";
import { GOLDEN_SIGNALS } from "./golden-signals.ts";
import { parsePromql } from "./promql/parse-promql.ts";

const limitOf = (id: string) => {
  const signal = GOLDEN_SIGNALS.find((each) => each.id === id);
  if (signal === undefined) throw new Error(`Expected a golden signal ${id}.`);
  return signal;
};

describe("the limit of a golden signal", () => {
  it.each([
    ["api_latency_p95", 0.2, true],
    ["api_latency_p95", 0.2001, false],
    ["risk_blocks", 0.49, true],
    ["risk_blocks", 0.5, false],
  ])("%s at %d is kept: %s", (id, value, kept) => {
    expect(keepsLimit(limitOf(id), value, null)).toBe(kept);
  });

  it("that depends on a baseline is neither kept nor broken without one", () => {
    const csp = limitOf("csp_violations");
    expect(keepsLimit(csp, 0, null)).toBeNull();
    expect([keepsLimit(csp, 11, 10), keepsLimit(csp, 11.1, 10)]).toEqual([true, false]);
    expect([keepsLimit(csp, 0, 0), keepsLimit(csp, 0.1, 0)]).toEqual([true, false]);
  });

  it("is told in words", () => {
    expect(
      ["api_latency_p95", "risk_blocks", "csp_violations"].map((id) => describeLimit(limitOf(id))),
    ).toEqual(["at most 0.2", "below 0.5", "at most 1.1 times the baseline"]);
  });
});

describe("the query of a golden signal over another window", () => {
  it("can be parsed, and has no other window", () => {
    for (const signal of GOLDEN_SIGNALS) {
      const query = queryOver(signal, "15m");
      expect(() => parsePromql(query)).not.toThrow();
      expect(query).not.toContain("[1m]");
      expect(query.includes("[15m]")).toBe(signal.query.includes("[1m]"));
    }
  });
});
