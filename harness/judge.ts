import type { Verdict } from "../core/index.ts";
import type { CheckRecord, FaultRecord, PhaseRecord, TriggerRecord } from "../evidence/index.ts";
import { type GeneratorHealth, type Operation, summarise } from "../load/index.ts";
import type { Truth } from "./invariants/invariant.ts";
import { INVARIANTS, type InvariantName } from "./invariants/registry.ts";
import type { MachineLoad } from "./machine-load.ts";
import type { Condition } from "./scenario.ts";
import type { SettledTruth } from "./settled-truth.ts";
import { firstSteadyMs, judgeWindow, STEADY_STATE } from "./steady-state.ts";

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

/** Checks each invariant; one that throws is inconclusive, since it then found nothing either way. */
export function judgeInvariants(truth: Truth, names: readonly InvariantName[]): readonly CheckRecord[] {
  return names.map((name) => {
    const invariant = INVARIANTS[name];
    try {
      return { kind: "invariant", name, ...invariant.check(truth) };
    } catch (error) {
      const received = `the check threw: ${error instanceof Error ? error.message : String(error)}`;
      return { kind: "invariant", name, verdict: "inconclusive", expected: invariant.statement, received };
    }
  });
}

/** Whether the load generator itself can be believed. */
export function judgeGenerator(health: GeneratorHealth): CheckRecord {
  const check = {
    kind: "harness",
    name: "load generator",
    expected: `P99 of its own lag at most ${health.maxLagMsP99} ms`,
  } as const;
  if (health.state === "unsound") return { ...check, verdict: "inconclusive", received: unsoundness(health) };
  return { ...check, verdict: "pass", received: `${(health.lagMs.p99 ?? 0).toFixed(1)} ms` };
}

function unsoundness({ lagMs, dropped }: GeneratorHealth): string {
  const lag = lagMs.p99 === null ? "it started nothing" : `${lagMs.p99.toFixed(1)} ms`;
  return dropped === 0 ? lag : `${lag}, and ${dropped} operations not sent`;
}

/**
 * What was measured by clients counts only when the generator can be believed: otherwise a failed measurement
 * is no evidence against the platform, and becomes inconclusive.
 */
export function discountUnsound(
  checks: readonly CheckRecord[],
  health: GeneratorHealth,
): readonly CheckRecord[] {
  if (health.state === "sound") return checks;
  return checks.map((check) => {
    const measured = check.kind === "steady-state" || check.kind === "recovery";
    if (!measured || check.verdict !== "fail") return check;
    return {
      ...check,
      verdict: "inconclusive",
      received: `${check.received} (but the load generator was late)`,
    };
  });
}

const NO_FALSE_ALARM = "no false alarm";

/** Beyond this share of contended time, what the clock measured says more about the machine than about the platform. */
const CONTENDED_FROM = 0.1;

/** How much of the machine others used. Never worse than a pass by itself: contention only adds to latencies. */
export function judgeMachine(load: MachineLoad): CheckRecord {
  const check = { kind: "harness", name: "machine", expected: "left to the experiment" } as const;
  if (load.kind === "unknown") return { ...check, verdict: "pass", received: "not known here" };
  const received = `others used ${percent(load.foreignShare)} of it, and contended ${percent(load.contendedShare)} of the time`;
  return { ...check, verdict: "pass", received };
}

/**
 * On a machine that others fill, a platform is slow through no fault of its own: a failed measurement of time is no
 * evidence against it then, and becomes inconclusive. Nor is a trigger that fired and should not have; one that should
 * have and did not is a fail as ever.
 */
export function discountContended(checks: readonly CheckRecord[], load: MachineLoad): readonly CheckRecord[] {
  if (load.kind === "unknown" || load.contendedShare < CONTENDED_FROM) return checks;
  const why = `(but other programs filled the machine ${percent(load.contendedShare)} of the time)`;
  return checks.map((check) => {
    const ofTime =
      check.kind === "steady-state" || check.kind === "recovery" || check.name === NO_FALSE_ALARM;
    if (!ofTime || check.verdict !== "fail") return check;
    return { ...check, verdict: "inconclusive", received: `${check.received} ${why}` };
  });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;
}
