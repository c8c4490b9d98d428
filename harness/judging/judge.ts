import type { Verdict } from "../../core/index.ts";
import type { CheckRecord, FaultRecord, PhaseRecord, TriggerRecord } from "../../evidence/index.ts";
import { type Operation, summarise } from "../../load/index.ts";
import type { Condition } from "../experiment/condition.ts";
import type { Invariant, Truth } from "../invariants/invariant.ts";
import { INVARIANTS, type InvariantName } from "../invariants/registry.ts";
import type { SettledTruth } from "../observation/final-state.ts";
import { firstSteadyMs, judgeWindow, STEADY_STATE } from "./steady-state.ts";

/** The check on the triggers that must stay quiet. */
export const NO_FALSE_ALARM = "no false alarm";
const SECOND_MS = 1_000;
const OBJECTIVE = `at most ${STEADY_STATE.errorRatio * 100} % errors and P95 at most ${STEADY_STATE.latencyMsP95} ms`;

/** Whether the steady state held through a whole phase, by the operations planned in it. */
export function judgePhase(
  name: string,
  phase: PhaseRecord | null,
  operations: readonly Operation[],
): CheckRecord {
  const check = { kind: "steady-state", name, expected: OBJECTIVE } as const;
  if (phase === null) return { ...check, verdict: "inconclusive", received: "the phase did not take place" };
  const summary = summarise(operations, phase.startMs, phase.endMs);
  const finding = judgeWindow(summary);
  if (finding.kind === "too-few") {
    const received = `${finding.operations} operations, at least ${STEADY_STATE.minOperations} are needed`;
    return { ...check, verdict: "inconclusive", received };
  }
  if (finding.kind === "broken") return { ...check, verdict: "fail", received: finding.why };
  const errors = `${((summary.errorRatio ?? 0) * 100).toFixed(2)} % errors`;
  const received = `${summary.operations} operations, ${errors}, P95 ${(summary.latencyMs.p95 ?? 0).toFixed(0)} ms`;
  return { ...check, verdict: "pass", received };
}

/** Whether the feeds were fresh through a phase; `staleness` are the samples of each feed in it, in seconds. */
export function judgeFreshness(name: string, staleness: ReadonlyMap<string, readonly number[]>): CheckRecord {
  const limitSeconds = STEADY_STATE.stalenessMs / SECOND_MS;
  const check = { kind: "steady-state", name, expected: `every feed at most ${limitSeconds} s old` } as const;
  const worst = [...staleness].map(([feed, values]) => ({ feed, value: Math.max(...values) }));
  if (worst.length === 0) return { ...check, verdict: "inconclusive", received: "no feed was measured" };
  const text = worst.map(({ feed, value }) => `${feed} ${value.toFixed(1)} s`).join(", ");
  const fresh = worst.every(({ value }) => value <= limitSeconds);
  return { ...check, verdict: fresh ? "pass" : "fail", received: `at most ${text}` };
}

/** Whether each fault touched traffic and was healed. */
export function judgeFault(fault: FaultRecord): CheckRecord {
  const check = { kind: "fault", name: fault.label, expected: "touches traffic and is healed" } as const;
  if (fault.healedAtMs === null) return { ...check, verdict: "fail", received: "it was never healed" };
  if (fault.bite.kind === "unknown") return { ...check, verdict: "inconclusive", received: fault.bite.why };
  const { connections, bytes, messages } = fault.bite;
  const received = [
    count(connections, "connection"),
    ...(messages === null ? [] : [count(messages, "message")]),
    ...(bytes === 0 ? [] : [count(bytes, "byte")]),
  ].join(", ");
  const touched = messages ?? connections + bytes;
  return { ...check, verdict: touched > 0 ? "pass" : "inconclusive", received };
}

/** Whether a fault that tells its client to stay away was heeded: each bite is a request that came all the same. */
export function judgeRestraint({ label, bite }: FaultRecord, mayBite: number): CheckRecord {
  const name = `${label} is heeded`;
  const check = { kind: "fault", name, expected: `bites at most ${mayBite} times` } as const;
  if (bite.kind === "unknown") return { ...check, verdict: "inconclusive", received: bite.why };
  const bites = bite.messages ?? bite.connections;
  return { ...check, verdict: bites <= mayBite ? "pass" : "fail", received: count(bites, "bite") };
}

/** Whether every client was answered in time while the faults were there, whatever the answer was. */
export function judgeAnswers(
  phase: PhaseRecord | null,
  limitMs: number,
  operations: readonly Operation[],
): CheckRecord {
  const limit = `${(limitMs / SECOND_MS).toFixed(1)} s`;
  const check = { kind: "recovery", name: "clients are answered", expected: `each within ${limit}` } as const;
  const within = operations.filter(
    ({ startedAtMs, outcome }) =>
      phase !== null && startedAtMs >= phase.startMs && startedAtMs < phase.endMs && outcome !== "dropped",
  );
  if (within.length === 0) return { ...check, verdict: "inconclusive", received: "nobody asked" };
  const waits = within.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs);
  const late = waits.filter((waitMs) => waitMs > limitMs).length;
  const longest = `${(Math.max(...waits) / SECOND_MS).toFixed(1)} s`;
  if (late === 0)
    return { ...check, verdict: "pass", received: `the last of ${within.length} after ${longest}` };
  return {
    ...check,
    verdict: "fail",
    received: `${late} of ${within.length} were not, one waited ${longest}`,
  };
}

/** Whether enough of the orders that began while the faults were there were accepted in the end, by key. */
export function judgeAcceptance(
  phase: PhaseRecord | null,
  share: number,
  operations: readonly Operation[],
): CheckRecord {
  const expected = `at least ${percent(share)} of the orders begun while the faults were there`;
  const check = { kind: "invariant", name: "orders are accepted meanwhile", expected } as const;
  const begun = new Set(
    operations.flatMap(({ kind, attempt, startedAtMs, idempotencyKey }) => {
      const within = phase !== null && startedAtMs >= phase.startMs && startedAtMs < phase.endMs;
      return kind === "place" && attempt === 1 && within ? [idempotencyKey] : [];
    }),
  );
  if (begun.size === 0) return { ...check, verdict: "inconclusive", received: "nobody placed any" };
  const accepted = new Set(
    operations.flatMap(({ kind, outcome, idempotencyKey }) =>
      kind === "place" && outcome === "succeeded" && begun.has(idempotencyKey) ? [idempotencyKey] : [],
    ),
  );
  const verdict = accepted.size >= share * begun.size ? "pass" : "fail";
  return { ...check, verdict, received: `${accepted.size} of ${begun.size}` };
}

/** Whether something happened without which the experiment proves nothing. */
export function judgeOccurrence(name: string, value: number | null): CheckRecord {
  const check = { kind: "fault", name, expected: "happens at least once" } as const;
  if (value === null) return { ...check, verdict: "inconclusive", received: "no data" };
  return {
    ...check,
    verdict: value > 0 ? "pass" : "inconclusive",
    received: `${Number(value.toFixed(2))} times`,
  };
}

/** Whether a query over the platform's metrics stayed within its bound. */
export function judgeCondition({ name, limit }: Condition, value: number | null): CheckRecord {
  const atMost = "atMost" in limit;
  const expected = atMost ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
  const check = { kind: "invariant", name, expected } as const;
  if (value === null) return { ...check, verdict: "inconclusive", received: "no data" };
  const holds = atMost ? value <= limit.atMost : value >= limit.atLeast;
  return { ...check, verdict: holds ? "pass" : "fail", received: `${Number(value.toFixed(2))}` };
}

/** Whether the triggers that must fire did, one check each, and all others stayed quiet, in one check. */
export function judgeTriggers(triggers: readonly TriggerRecord[]): readonly CheckRecord[] {
  const firing = triggers.filter((trigger) => trigger.expected === "fires").map(judgeFiring);
  const quiet = triggers.filter((trigger) => trigger.expected === "quiet");
  if (quiet.length === 0) return firing;
  const loud = quiet.filter((trigger) => trigger.verdict === "fail");
  const blind = quiet.filter((trigger) => trigger.verdict === "inconclusive");
  const verdict: Verdict = loud.length > 0 ? "fail" : blind.length > 0 ? "inconclusive" : "pass";
  const names = (list: readonly TriggerRecord[]) => list.map((trigger) => trigger.name).join(", ");
  const parts = [
    loud.length > 0 ? `fired: ${names(loud)}` : "none fired",
    ...(blind.length > 0 ? [`without data: ${names(blind)}`] : []),
  ];
  const expected = `${quiet.length} triggers stay quiet`;
  return [
    ...firing,
    { kind: "trigger", name: NO_FALSE_ALARM, verdict, expected, received: parts.join("; ") },
  ];
}

function judgeFiring(trigger: TriggerRecord): CheckRecord {
  const afterMs = trigger.firedAfterFaultMs;
  const fired =
    afterMs === null
      ? firedNotReceived(trigger)
      : `fired ${(afterMs / SECOND_MS).toFixed(1)} s after the fault`;
  return {
    kind: "trigger",
    name: trigger.name,
    verdict: trigger.verdict,
    expected: "fires after the fault",
    received: fired,
  };
}

function firedNotReceived(trigger: TriggerRecord): string {
  if (trigger.firedAtMs !== null)
    return `fired at ${(trigger.firedAtMs / SECOND_MS).toFixed(1)} s, before the fault`;
  return trigger.verdict === "inconclusive" ? "no data" : "did not fire";
}

/** Whether the steady state came back in time after the last healing. */
export function judgeRecovery(
  healedAtMs: number,
  endMs: number,
  limitMs: number,
  operations: readonly Operation[],
): CheckRecord {
  const limit = `${(limitMs / SECOND_MS).toFixed(1)} s`;
  const check = {
    kind: "recovery",
    name: "recovers",
    expected: `the steady state within ${limit} of healing`,
  } as const;
  const steadyMs = firstSteadyMs(operations, healedAtMs, endMs);
  if (steadyMs === null) {
    const watched = ((endMs - healedAtMs) / SECOND_MS).toFixed(1);
    return { ...check, verdict: "fail", received: `not within the ${watched} s that it was watched` };
  }
  const tookMs = steadyMs - healedAtMs;
  const received = tookMs === 0 ? "at once" : `after ${(tookMs / SECOND_MS).toFixed(1)} s`;
  return { ...check, verdict: tookMs <= limitMs ? "pass" : "fail", received };
}

/** How long the books took to agree after the load; what still disagrees then, the invariants name. */
export function judgeSettling({ tookMs, limitMs }: Omit<SettledTruth, "truth">): CheckRecord {
  const expected = `every outcome known within ${(limitMs / SECOND_MS).toFixed(0)} s of the load's end`;
  const received = `after ${(tookMs / SECOND_MS).toFixed(1)} s`;
  return {
    kind: "recovery",
    name: "settles",
    verdict: tookMs <= limitMs ? "pass" : "fail",
    expected,
    received,
  };
}

/**
 * Checks each invariant that the platform's definition has the data for; one that throws is inconclusive, since it then
 * found nothing either way.
 */
export function judgeInvariants(truth: Truth, names: readonly InvariantName[]): readonly CheckRecord[] {
  const applicable = names.filter((name) => {
    const invariant: Invariant = INVARIANTS[name];
    return invariant.appliesTo?.(truth) ?? true;
  });
  return applicable.map((name) => {
    const invariant = INVARIANTS[name];
    try {
      return { kind: "invariant", name, ...invariant.check(truth) };
    } catch (error) {
      const received = `the check threw: ${error instanceof Error ? error.message : String(error)}`;
      return { kind: "invariant", name, verdict: "inconclusive", expected: invariant.statement, received };
    }
  });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;
}
