import type { CheckRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import { check } from "./check.ts";
import { seconds } from "./seconds.ts";

/** Whether every client that asked during the faults was answered in time, whatever the answer was. */
export function judgeAnswers(during: readonly Operation[], limitMs: number): CheckRecord {
  const expected = `each within ${seconds(limitMs)}`;
  return check({ kind: "recovery", name: "clients are answered", basis: "time", expected }, () => {
    const sent = during.filter(({ outcome }) => outcome !== "dropped");
    const judgedBy = { count: sent.length, noun: "operation" };
    if (sent.length === 0) return { verdict: "inconclusive", received: "no client asked", judgedBy };
    const waitsMs = sent.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs);
    const late = waitsMs.filter((waitMs) => waitMs > limitMs).length;
    const longest = seconds(Math.max(...waitsMs));
    if (late === 0)
      return { verdict: "pass", received: `the last of ${sent.length} after ${longest}`, judgedBy };
    const received = `${late} of ${sent.length} were not, one waited ${longest}`;
    return { verdict: "fail", received, judgedBy };
  });
}

/**
 * Whether enough of the orders that began during the faults were accepted in the end, by key: also those accepted by a
 * retry after them, which only `all` operations include.
 */
export function judgeAcceptance(
  during: readonly Operation[],
  share: number,
  all: readonly Operation[],
): CheckRecord {
  const name = "orders are accepted during the faults";
  const expected = `at least ${Math.round(share * 100)} % of the orders begun during the faults`;
  // Of the basis `time`, since an order that was not answered in time counts as not accepted.
  return check({ kind: "invariant", name, basis: "time", expected }, () => {
    const begun = new Set(
      during
        .filter(({ kind, attempt }) => kind === "place" && attempt === 1)
        .map(({ idempotencyKey }) => idempotencyKey),
    );
    const judgedBy = { count: begun.size, noun: "order" };
    if (begun.size === 0) return { verdict: "inconclusive", received: "no client placed an order", judgedBy };
    const accepted = new Set(
      all
        .filter(({ kind, outcome }) => kind === "place" && outcome === "succeeded")
        .filter(({ idempotencyKey }) => begun.has(idempotencyKey))
        .map(({ idempotencyKey }) => idempotencyKey),
    );
    const verdict = accepted.size >= share * begun.size ? "pass" : "fail";
    return { verdict, received: `${accepted.size} of ${begun.size}`, judgedBy };
  });
}
