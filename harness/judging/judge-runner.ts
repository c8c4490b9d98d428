import type { CheckRecord, TriggerRecord } from "../../evidence/index.ts";
import { describeGaps, type RunnerGap } from "../observation/runner-watch.ts";
import { check } from "./check.ts";

/**
 * Whether the runner, which checked itself this often, ran all the time: it cannot judge
 * what it did not observe.
 */
export function judgeRunner(gaps: readonly RunnerGap[], looks: number): CheckRecord {
  const judgedBy = { count: looks, noun: "look" };
  const expected = "runs without a gap by its clocks, and so does its lab";
  return check({ kind: "harness", name: "runner", basis: "count", expected }, () => {
    const received = describeGaps(gaps);
    return received === null
      ? { verdict: "pass", received: "none", judgedBy }
      : { verdict: "inconclusive", received, judgedBy };
  });
}

/**
 * Checks of time are void while the runner did not run: a failure may be its own, and a pass may have missed
 * events. What was counted or compared in the end is valid.
 */
export function discountRunnerGaps(
  checks: readonly CheckRecord[],
  gaps: readonly RunnerGap[],
): readonly CheckRecord[] {
  const why = describeGaps(gaps);
  if (why === null) return checks;
  return checks.map((each) => {
    if (each.basis === "count" || each.verdict === "inconclusive") return each;
    return { ...each, verdict: "inconclusive", received: `${each.received} (but ${why})` };
  });
}

/** Like `discountRunnerGaps`, for what triggers did. */
export function discountUnwatched(
  triggers: readonly TriggerRecord[],
  gaps: readonly RunnerGap[],
): readonly TriggerRecord[] {
  if (gaps.length === 0) return triggers;
  return triggers.map((each) => (each.expected === "either" ? each : { ...each, verdict: "inconclusive" }));
}
