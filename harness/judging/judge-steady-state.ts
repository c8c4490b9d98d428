import { type CheckRecord, describeRouteFailures, type PhaseRecord } from "../../evidence/index.ts";
import { type Operation, summarize } from "../../load/index.ts";
import { check } from "./check.ts";
import { routeFailures } from "./route-failures.ts";
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
    const summary = phase === null ? null : summarize(operations, phase.startMs, phase.endMs);
    const judgedBy = { count: summary?.operations ?? 0, noun: "operation" };
    if (summary === null)
      return { verdict: "inconclusive", received: "the phase did not take place", judgedBy };
    const finding = judgeWindow(summary);
    if (finding.kind === "too-few") {
      const received = `${finding.operations} operations, at least ${STEADY_STATE.minOperations} are needed`;
      return { verdict: "inconclusive", received, judgedBy };
    }
    if (finding.kind === "broken") return { verdict: "fail", received: finding.why, judgedBy };
    const errors = `${((summary.errorRatio ?? 0) * 100).toFixed(2)} % errors`;
    const received = `${summary.operations} operations, ${errors}, P95 ${(summary.latencyMs.p95 ?? 0).toFixed(0)} ms`;
    return { verdict: "pass", received, judgedBy };
  });
}

/** Whether the feeds were fresh through a phase; `ages` are each feed's samples in it, in seconds. */
export function judgeFreshness(name: string, ages: Readonly<Record<string, readonly number[]>>): CheckRecord {
  const limitSeconds = STEADY_STATE.stalenessMs / SECOND_MS;
  const expected = `every feed at most ${limitSeconds} s old`;
  return check({ kind: "steady-state", name, basis: "time", expected }, () => {
    const blind = Object.keys(ages).filter((feed) => ages[feed]?.length === 0);
    const oldest = Object.entries(ages)
      .filter(([, values]) => values.length > 0)
      .map(([feed, values]) => ({ feed, ageSeconds: Math.max(...values) }));
    const judgedBy = { count: Object.values(ages).flat().length, noun: "sample" };
    if (oldest.length === 0) return { verdict: "inconclusive", received: "no feed was measured", judgedBy };
    const text = oldest.map(({ feed, ageSeconds }) => `${feed} ${ageSeconds.toFixed(1)} s`).join(", ");
    const fresh = oldest.every(({ ageSeconds }) => ageSeconds <= limitSeconds);
    if (fresh && blind.length > 0) {
      const received = `at most ${text}; not measured: ${blind.join(", ")}`;
      return { verdict: "inconclusive", received, judgedBy };
    }
    return { verdict: fresh ? "pass" : "fail", received: `at most ${text}`, judgedBy };
  });
}

/**
 * Whether orders are accepted at all: a platform that refuses everything answers quickly and
 * without errors, but is not healthy. Of the basis `time`, since an order that was not answered in
 * time counts as not accepted.
 */
export function judgeOrdersAccepted(operations: readonly Operation[]): CheckRecord {
  const name = "orders are accepted";
  const expected = "at least half of the orders";
  return check({ kind: "steady-state", name, basis: "time", expected }, () => {
    const places = operations.filter(({ kind, attempt }) => kind === "place" && attempt === 1);
    const accepted = places.filter(({ outcome }) => outcome === "succeeded").length;
    const judgedBy = { count: places.length, noun: "order" };
    if (places.length === 0) return { verdict: "inconclusive", received: "no order was placed", judgedBy };
    const received = `${accepted} of ${places.length}`;
    if (accepted * 2 >= places.length) return { verdict: "pass", received, judgedBy };
    const how = describeRouteFailures(routeFailures(places));
    return { verdict: "fail", received: [received, ...how].join("; "), judgedBy };
  });
}
