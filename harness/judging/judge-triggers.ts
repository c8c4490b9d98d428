import type { Verdict } from "../../core/index.ts";
import type { CheckRecord, NotApplicable, TriggerRecord } from "../../evidence/index.ts";
import type { Expectation } from "../experiment/scenario.ts";
import type { ObservedTrigger } from "../observation/measured.ts";
import { check, type Finding } from "./check.ts";
import { seconds } from "./seconds.ts";

/** What a trigger did, compared with the expectation. */
export function triggerRecordOf(
  trigger: ObservedTrigger,
  expectation: Expectation,
  firstFaultAtMs: number | null,
): TriggerRecord {
  const { name, severity, expression, summary, history, evaluations, firedAtMs } = trigger;
  const afterMs =
    firedAtMs === null || firstFaultAtMs === null || firedAtMs < firstFaultAtMs
      ? null
      : firedAtMs - firstFaultAtMs;
  const expected = expectedOf(name, expectation);
  const verdict = verdictOf(trigger, expected, afterMs);
  return {
    ...{ name, severity, expression, summary, expected, verdict, history, evaluations, firedAtMs },
    firedAfterFaultMs: afterMs,
  };
}

function expectedOf(name: string, { fires, mayFire }: Expectation): TriggerRecord["expected"] {
  if (fires.includes(name)) return "fires";
  return mayFire.includes(name) ? "either" : "quiet";
}

function verdictOf(
  { history, failures, firedAtMs }: ObservedTrigger,
  expected: TriggerRecord["expected"],
  firedAfterFaultMs: number | null,
): Verdict {
  if (expected === "either") return "pass";
  const sawData = history.some(({ state }) => state !== "no-data");
  if (!sawData || failures > 0) return "inconclusive";
  if (expected === "fires") return firedAfterFaultMs === null ? "fail" : "pass";
  return firedAtMs === null ? "pass" : "fail";
}

/** Whether the triggers that must fire did, one check each, and all others stayed quiet, in one check. */
export function judgeTriggers(triggers: readonly TriggerRecord[]): readonly CheckRecord[] {
  const firing = triggers.filter((trigger) => trigger.expected === "fires").map(judgeFiring);
  const quiet = triggers.filter((trigger) => trigger.expected === "quiet");
  return quiet.length === 0 ? firing : [...firing, judgeQuiet(quiet)];
}

/**
 * The triggers that must fire but were not watched: that they did not fire says nothing about the platform.
 */
export function judgeMissingTriggers(
  fires: readonly string[],
  watched: readonly TriggerRecord[],
  notApplicable: readonly NotApplicable[],
): readonly CheckRecord[] {
  const missing = fires.filter((name) => watched.every((trigger) => trigger.name !== name));
  return missing.map((name) =>
    check({ kind: "trigger", name, basis: "schedule", expected: "fires after the fault" }, () => {
      const needs = notApplicable.find(({ what }) => what === name)?.needs;
      const received = needs === undefined ? "no rule has this name" : `not applicable: needs ${needs}`;
      return { verdict: "inconclusive", received, judgedBy: evaluated([]) };
    }),
  );
}

function judgeQuiet(quiet: readonly TriggerRecord[]): CheckRecord {
  const expected = `${quiet.length} triggers stay quiet`;
  return check({ kind: "trigger", name: "no false alarm", basis: "alarm", expected }, () => {
    const fired = quiet.filter((trigger) => trigger.verdict === "fail");
    const blind = quiet.filter((trigger) => trigger.verdict === "inconclusive");
    const names = (list: readonly TriggerRecord[]) => list.map((trigger) => trigger.name).join(", ");
    const received = [
      fired.length > 0 ? `fired: ${names(fired)}` : "none fired",
      ...(blind.length > 0 ? [`without data: ${names(blind)}`] : []),
    ].join("; ");
    const verdict = fired.length > 0 ? "fail" : blind.length > 0 ? "inconclusive" : "pass";
    return { verdict, received, judgedBy: evaluated(quiet) };
  });
}

function judgeFiring(trigger: TriggerRecord): CheckRecord {
  const { name, verdict } = trigger;
  // Not of the basis `time`: a slow machine makes triggers fire, and never prevents it.
  return check({ kind: "trigger", name, basis: "schedule", expected: "fires after the fault" }, () => ({
    verdict,
    received: whenFired(trigger),
    judgedBy: evaluated([trigger]),
  }));
}

function evaluated(triggers: readonly TriggerRecord[]): Finding["judgedBy"] {
  const count = triggers.reduce((sum, { evaluations }) => sum + evaluations, 0);
  return { count, noun: "evaluation" };
}

function whenFired({ firedAtMs, firedAfterFaultMs, verdict }: TriggerRecord): string {
  if (firedAfterFaultMs !== null) return `fired ${seconds(firedAfterFaultMs)} after the fault`;
  if (firedAtMs !== null) return `fired at ${seconds(firedAtMs)}, before the fault`;
  return verdict === "inconclusive" ? "no data" : "did not fire";
}
