import type { CheckRecord, PhaseRecord } from "../../evidence/index.ts";
import { type Operation, summarize } from "../../load/index.ts";
import { check } from "./check.ts";
import { judgeWindow, STEADY_STATE } from "./steady-state.ts";

const SECOND_MS = 1_000;
const OBJECTIVE = `at most ${STEADY_STATE.errorRatio * 100} % errors and P95 at most ${STEADY_STATE.latencyMsP95} ms`;

/** Whether the steady state held through a whole phase, by the operations planned in it. */
export function judgePhase(
  name: string,
  phase: PhaseRecord | null,
  operations: readonly Operation[],
): CheckRecord {
  return check({ kind: "steady-state", name, basis: "time", expected: OBJECTIVE }, () => {
    if (phase === null) return { verdict: "inconclusive", received: "the phase did not take place" };
    const summary = summarize(operations, phase.startMs, phase.endMs);
    const finding = judgeWindow(summary);
    if (finding.kind === "too-few") {
      const received = `${finding.operations} operations, at least ${STEADY_STATE.minOperations} are needed`;
      return { verdict: "inconclusive", received };
    }
    if (finding.kind === "broken") return { verdict: "fail", received: finding.why };
    const errors = `${((summary.errorRatio ?? 0) * 100).toFixed(2)} % errors`;
    const received = `${summary.operations} operations, ${errors}, P95 ${(summary.latencyMs.p95 ?? 0).toFixed(0)} ms`;
    return { verdict: "pass", received };
  });
}

/** Whether the feeds were fresh through a phase; `ages` are the samples of each feed in it, in seconds. */
export function judgeFreshness(name: string, ages: Readonly<Record<string, readonly number[]>>): CheckRecord {
  const limitSeconds = STEADY_STATE.stalenessMs / SECOND_MS;
  const expected = `every feed at most ${limitSeconds} s old`;
  return check({ kind: "steady-state", name, basis: "time", expected }, () => {
    const oldest = Object.entries(ages).map(([feed, values]) => ({ feed, ageSeconds: Math.max(...values) }));
    if (oldest.length === 0) return { verdict: "inconclusive", received: "no feed was measured" };
    const text = oldest.map(({ feed, ageSeconds }) => `${feed} ${ageSeconds.toFixed(1)} s`).join(", ");
    const fresh = oldest.every(({ ageSeconds }) => ageSeconds <= limitSeconds);
    return { verdict: fresh ? "pass" : "fail", received: `at most ${text}` };
  });
}

/**
 * Whether orders are accepted at all: a platform that refuses everything answers quickly and without errors, and is
 * not well. Of time, since an order that was not answered in time counts as not accepted.
 */
export function judgeOrdersAccepted(operations: readonly Operation[]): CheckRecord {
  const name = "orders are accepted";
  const expected = "at least half of the orders";
  return check({ kind: "steady-state", name, basis: "time", expected }, () => {
    const places = operations.filter(({ kind, attempt }) => kind === "place" && attempt === 1);
    const accepted = places.filter(({ outcome }) => outcome === "succeeded").length;
    if (places.length === 0) return { verdict: "inconclusive", received: "no order was placed" };
    const verdict = accepted * 2 >= places.length ? "pass" : "fail";
    return { verdict, received: `${accepted} of ${places.length}` };
  });
}
