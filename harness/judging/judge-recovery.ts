import type { CheckRecord } from "../../evidence/index.ts";
import { type Operation, summarize } from "../../load/index.ts";
import type { Settling } from "../experiment/settle.ts";
import { check } from "./check.ts";
import { seconds } from "./seconds.ts";
import { firstSteadyMs } from "./steady-state.ts";

/** Whether the steady state returned in time after the last healing. */
export function judgeRecovery(
  healedAtMs: number,
  endMs: number,
  limitMs: number,
  operations: readonly Operation[],
): CheckRecord {
  const expected = `the steady state within ${seconds(limitMs)} of healing`;
  return check({ kind: "recovery", name: "recovers", basis: "time", expected }, () => {
    const steadyMs = firstSteadyMs(operations, healedAtMs, endMs);
    const judgedBy = { count: summarize(operations, healedAtMs, endMs).operations, noun: "operation" };
    if (steadyMs === null) {
      const received = `not within the ${seconds(endMs - healedAtMs)} for which it was measured`;
      return { verdict: "fail", received, judgedBy };
    }
    const tookMs = steadyMs - healedAtMs;
    const received = tookMs === 0 ? "at once" : `after ${seconds(tookMs)}`;
    return { verdict: tookMs <= limitMs ? "pass" : "fail", received, judgedBy };
  });
}

/** How long the books took to agree after the load; the invariants name what still disagrees then. */
export function judgeSettling({ tookMs, limitMs, readings }: Settling): CheckRecord {
  const expected = `every outcome known within ${(limitMs / 1_000).toFixed(0)} s of the load's end`;
  return check({ kind: "recovery", name: "settles", basis: "time", expected }, () => ({
    verdict: tookMs <= limitMs ? "pass" : "fail",
    received: `after ${seconds(tookMs)}`,
    judgedBy: { count: readings, noun: "reading" },
  }));
}
