import { whyImpossible } from "../../core/index.ts";
import { type CheckRecord, describeRouteFailures } from "../../evidence/index.ts";
import { type Operation, summarize } from "../../load/index.ts";
import { check } from "./check.ts";
import { routeFailures } from "./route-failures.ts";
import { judgeWindow, STEADY_STATE } from "./steady-state.ts";

const SECOND_MS = 1_000;
const OBJECTIVE = `at most ${STEADY_STATE.errorRatio * 100} % errors and P95 at most ${STEADY_STATE.latencyMsP95} ms`;

/** Whether the steady state held through a whole phase, by its operations; null when it did not take place. */
export function judgePhase(name: string, operations: readonly Operation[] | null): CheckRecord {
  return check({ kind: "steady-state", name, basis: "time", expected: OBJECTIVE }, () => {
    const summary = operations === null ? null : summarize(operations);
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

/** A feed with samples at fewer of the moments than this, compared with the best measured feed, is a doubt. */
const LEAST_MEASURED_SHARE = 0.5;

/** Whether the feeds were fresh through a phase; `ages` are each feed's samples in it, in seconds. */
export function judgeFreshness(name: string, ages: Readonly<Record<string, readonly number[]>>): CheckRecord {
  const limitSeconds = STEADY_STATE.stalenessMs / SECOND_MS;
  const expected = `every feed at most ${limitSeconds} s old`;
  return check({ kind: "steady-state", name, basis: "time", expected }, () => {
    const judgedBy = { count: Object.values(ages).flat().length, noun: "sample" };
    const oldest = Object.entries(ages)
      .filter(([, values]) => values.length > 0)
      .map(([feed, values]) => ({ feed, ageSeconds: Math.max(...values) }));
    if (oldest.length === 0) return { verdict: "inconclusive", received: "no feed was measured", judgedBy };
    const doubts = doubtsAbout(ages);
    const text = oldest.map(({ feed, ageSeconds }) => `${feed} ${ageSeconds.toFixed(1)} s`).join(", ");
    const received = [`at most ${text}`, ...doubts].join("; ");
    if (oldest.some(({ ageSeconds }) => ageSeconds > limitSeconds))
      return { verdict: "fail", received, judgedBy };
    return { verdict: doubts.length > 0 ? "inconclusive" : "pass", received, judgedBy };
  });
}

/** Why the ages prove nothing although none is too high, one text for each reason. */
function doubtsAbout(ages: Readonly<Record<string, readonly number[]>>): readonly string[] {
  const feeds = Object.entries(ages).map(([feed, values]) => ({ feed, values }));
  const most = Math.max(...feeds.map(({ values }) => values.length));
  const blind = feeds.filter(({ values }) => values.length === 0).map(({ feed }) => feed);
  const sparse = feeds.filter(
    ({ values }) => values.length > 0 && values.length < most * LEAST_MEASURED_SHARE,
  );
  const impossible = feeds.flatMap(({ feed, values }) => {
    const why = values.map((value) => whyImpossible("seconds", value)).find((each) => each !== null);
    return why === undefined ? [] : [`impossible age of ${feed}: ${why}`];
  });
  return [
    ...(blind.length > 0 ? [`not measured: ${blind.join(", ")}`] : []),
    ...sparse.map(({ feed, values }) => `${feed} was measured only ${values.length} of ${most} times`),
    ...impossible,
  ];
}

/**
 * Whether orders are accepted at all while nothing is done to the platform: one that refuses everything answers quickly
 * and without errors, but is not healthy. Of the basis `time`, since an order that was not answered in time counts as
 * not accepted.
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
