import type { CheckRecord, PhaseRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import { check } from "./check.ts";
import { seconds } from "./seconds.ts";

/** Whether every client was answered in time during the faults, whatever the answer was. */
export function judgeAnswers(
  phase: PhaseRecord | null,
  limitMs: number,
  operations: readonly Operation[],
): CheckRecord {
  const expected = `each within ${seconds(limitMs)}`;
  return check({ kind: "recovery", name: "clients are answered", basis: "time", expected }, () => {
    const within = operations.filter(
      (operation) => beganIn(phase, operation) && operation.outcome !== "dropped",
    );
    const judgedBy = { count: within.length, noun: "operation" };
    if (within.length === 0) return { verdict: "inconclusive", received: "no client asked", judgedBy };
    const waitsMs = within.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs);
    const late = waitsMs.filter((waitMs) => waitMs > limitMs).length;
    const longest = seconds(Math.max(...waitsMs));
    if (late === 0)
      return { verdict: "pass", received: `the last of ${within.length} after ${longest}`, judgedBy };
    const received = `${late} of ${within.length} were not, one waited ${longest}`;
    return { verdict: "fail", received, judgedBy };
  });
}

/** Whether enough of the orders that began during the faults were accepted in the end, by key. */
export function judgeAcceptance(
  phase: PhaseRecord | null,
  share: number,
  operations: readonly Operation[],
): CheckRecord {
  const name = "orders are accepted during the faults";
  const expected = `at least ${Math.round(share * 100)} % of the orders begun during the faults`;
  // Of the basis `time`, since an order that was not answered in time counts as not accepted.
  return check({ kind: "invariant", name, basis: "time", expected }, () => {
    const places = operations.filter(({ kind }) => kind === "place");
    const begun = new Set(
      places
        .filter((operation) => operation.attempt === 1 && beganIn(phase, operation))
        .map(({ idempotencyKey }) => idempotencyKey),
    );
    const judgedBy = { count: begun.size, noun: "order" };
    if (begun.size === 0) return { verdict: "inconclusive", received: "no client placed an order", judgedBy };
    const accepted = new Set(
      places
        .filter(({ outcome, idempotencyKey }) => outcome === "succeeded" && begun.has(idempotencyKey))
        .map(({ idempotencyKey }) => idempotencyKey),
    );
    const verdict = accepted.size >= share * begun.size ? "pass" : "fail";
    return { verdict, received: `${accepted.size} of ${begun.size}`, judgedBy };
  });
}

function beganIn(phase: PhaseRecord | null, { startedAtMs }: Operation): boolean {
  return phase !== null && startedAtMs >= phase.startMs && startedAtMs < phase.endMs;
}
