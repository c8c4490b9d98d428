import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type CaseOutcome, runScript } from "../test-language/run-script.ts";

const DIRECTORY = fileURLToPath(new URL("../../../shared/data/promql/", import.meta.url));
const isPresent = existsSync(DIRECTORY);
const scripts = isPresent ? readdirSync(DIRECTORY).filter((name) => name.endsWith(".test")) : [];

const count = (outcomes: readonly CaseOutcome[], kind: CaseOutcome["kind"]) =>
  outcomes.filter((outcome) => outcome.kind === kind).length;

/** Cases of Prometheus 3.14: [run, left out]. */
const EXPECTED: Readonly<Record<string, readonly [passed: number, unsupported: number]>> = {
  "aggregators.test": [123, 37],
  "literals.test": [25, 0],
  "operators.test": [142, 72],
  "range_queries.test": [14, 4],
  "selectors.test": [31, 0],
  "staleness.test": [17, 0],
  "subquery.test": [32, 2],
};
const REASONS =
  /^(?:native histograms in the (?:input|result)|the experimental (?:function|aggregation) \w+ is not)/;

describe.skipIf(!isPresent)("Prometheus's own cases (skipped where ../shared/data/promql is absent)", () => {
  for (const script of scripts) {
    const text = readFileSync(`${DIRECTORY}${script}`, "utf8");
    // Prometheus runs them with delayed name removal.
    const outcomes = runScript(text, { delayedNameRemoval: true });
    const counts = [count(outcomes, "passed"), count(outcomes, "unsupported")] as const;

    it(`passes every supported case of ${script}: ${counts[0]} run, ${counts[1]} not supported`, () => {
      expect(outcomes.filter((outcome) => outcome.kind === "failed")).toEqual([]);
      const expected = EXPECTED[script];
      if (expected === undefined) return;
      expect(counts).toEqual(expected);
      for (const outcome of outcomes)
        if (outcome.kind === "unsupported") expect(outcome.reason).toMatch(REASONS);
    });

    it.skipIf(EXPECTED[script] === undefined)(
      `passes ${script} with names dropped at once, as rules are`,
      () => {
        const dropped = runScript(text, { delayedNameRemoval: false });
        expect(dropped.filter((outcome) => outcome.kind === "failed")).toEqual([]);
        expect(count(dropped, "passed")).toBe(counts[0]);
      },
    );
  }
});

describe("the driver of Prometheus's test language", () => {
  const LOAD = 'load 10s\n  a_total{x="1"} 0+10x6\n  b 1 _ stale\n\n';
  const outcomesOf = (evaluation: string) => runScript(LOAD + evaluation, {}).map(({ kind }) => kind);

  it("fails a wrong value, a missing element, one too many, and an unexpected error", () => {
    expect(outcomesOf('eval instant at 1m a_total\n  a_total{x="1"} 60')).toEqual(["passed"]);
    expect(outcomesOf('eval instant at 1m a_total\n  a_total{x="1"} 61')).toEqual(["failed"]);
    expect(outcomesOf('eval instant at 1m a_total\n  a_total{x="2"} 60')).toEqual(["failed"]);
    expect(outcomesOf("eval instant at 1m a_total")).toEqual(["failed"]);
    expect(outcomesOf("eval instant at 1m a_total +")).toEqual(["failed"]);
  });

  it("fails when an expected error, message or annotation does not come", () => {
    expect(outcomesOf("eval instant at 1m vector(1)\n  expect fail\n  {} 1")).toEqual(["failed"]);
    expect(outcomesOf("eval instant at 1m topk(NaN, b)\n  expect fail msg: something else")).toEqual([
      "failed",
    ]);
    expect(outcomesOf("eval instant at 1m vector(1)\n  expect warn\n  {} 1")).toEqual(["failed"]);
  });

  it("fails a range query with a wrong, missing or extra point", () => {
    const range = "eval range from 0 to 20s step 10s a_total\n";
    expect(outcomesOf(`${range}  a_total{x="1"} 0 10 20`)).toEqual(["passed"]);
    expect(outcomesOf(`${range}  a_total{x="1"} 0 10 21`)).toEqual(["failed"]);
    expect(outcomesOf(`${range}  a_total{x="1"} 0 _ 20`)).toEqual(["failed"]);
    expect(outcomesOf("eval range from 0 to 20s step 10s b\n  b 1 1 1")).toEqual(["failed"]);
    expect(outcomesOf("eval range from 0 to 20s step 10s b\n  b 1 1 _")).toEqual(["passed"]);
  });

  it("skips what it does not support, and reports it", () => {
    expect(runScript("load 1m\n  h {{count:1}}\n\neval instant at 0 sum(h)", {})).toMatchObject([
      { kind: "unsupported", reason: "native histograms in the input" },
    ]);
    expect(runScript("frobnicate", {})).toMatchObject([{ kind: "unsupported" }]);
  });
});
