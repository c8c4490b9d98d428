import { counted } from "../../core/index.ts";
import type { CheckRecord, RunRecord, ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";

/** What a passed run has shown, in figures. Only what its record contains is counted. */
export interface Proof {
  readonly faults: number;
  readonly invariants: number;
  /** The orders that were checked, in all scenarios together. */
  readonly orders: number;
  /** Triggers that had to fire and did. */
  readonly fired: number;
  /** From the injection of a fault to its trigger's firing, the slowest of all, in milliseconds. */
  readonly slowestMs: number | null;
  /** Whether triggers that had to stay quiet were watched, and none of them fired. */
  readonly isFreeOfFalseAlarms: boolean;
  /** Scenarios that injected a fault, and those of them in which every check of recovery held. */
  readonly faulted: number;
  readonly recovered: number;
}

/** Counts what a run has shown. Checks and triggers that did not pass are not counted. */
export function proofOf({ scenarios }: RunRecord): Proof {
  const triggers = scenarios.flatMap((scenario) => scenario.triggers);
  const fired = triggers.filter(hasFiredAsDue);
  const delaysMs = fired.flatMap(({ firedAfterFaultMs }) => firedAfterFaultMs ?? []);
  const watched = triggers.filter(({ expected }) => expected === "quiet");
  const faulted = scenarios.filter(({ faults }) => faults.length > 0);
  return {
    faults: scenarios.reduce((total, { faults }) => total + faults.length, 0),
    invariants: checksOf(scenarios, "invariant").filter(({ verdict }) => verdict === "pass").length,
    orders: scenarios.reduce((total, scenario) => total + ordersJudged(scenario), 0),
    fired: fired.length,
    slowestMs: delaysMs.length === 0 ? null : Math.max(...delaysMs),
    isFreeOfFalseAlarms: watched.length > 0 && watched.every(({ firedAtMs }) => firedAtMs === null),
    faulted: faulted.length,
    recovered: faulted.filter(hasRecovered).length,
  };
}

/** The proof in short phrases, for one line: `invariants held on 4,208 orders`, `no false alarm`, … */
export function proofPhrases(run: RunRecord): string[] {
  const { invariants, orders, fired, slowestMs, isFreeOfFalseAlarms, faulted, recovered } = proofOf(run);
  const within = slowestMs === null ? "" : ` in ${seconds(slowestMs)}`;
  return [
    ...(invariants === 0 ? [] : [held(invariants, orders)]),
    ...(fired === 0 ? [] : [`${counted(fired, "trigger")} fired${within}`]),
    ...(isFreeOfFalseAlarms ? ["no false alarm"] : []),
    ...(recovered === 0 ? [] : [`recovered in ${recovered} of ${faulted}`]),
  ];
}

function held(invariants: number, orders: number): string {
  return orders === 0 ? `${counted(invariants, "invariant check")} held` : `invariants held${on(orders)}`;
}

/** A passed run in one sentence: that its hypotheses held, and what was observed. */
export function proofSentence(run: RunRecord): string {
  const { faults, invariants, orders, fired, slowestMs, isFreeOfFalseAlarms, faulted, recovered } =
    proofOf(run);
  const often = recovered === faulted ? " every time" : ` in ${recovered} of ${faulted} scenarios`;
  const within = slowestMs === null ? "" : ` within ${seconds(slowestMs)} of the fault`;
  const clauses = [
    ...(invariants === 0 ? [] : [`no invariant broke in ${counted(invariants, "check")}${on(orders)}`]),
    ...(fired === 0
      ? []
      : [
          `${fired === 1 ? "the expected trigger" : `each of the ${fired} expected triggers`} fired${within}`,
        ]),
    ...(isFreeOfFalseAlarms ? ["no trigger raised a false alarm"] : []),
    ...(recovered === 0 ? [] : [`service recovered${faulted === 1 ? "" : often}`]),
  ];
  const [only] = run.scenarios;
  const claim =
    run.scenarios.length === 1 && only !== undefined
      ? `The hypothesis of ${only.name} held`
      : `All ${run.scenarios.length} hypotheses held`;
  if (clauses.length === 0) return `${claim}.`;
  const under = faults === 0 ? "without any fault" : `under ${counted(faults, "fault")}`;
  return `${claim}: ${under}, ${enumerate(clauses)}.`;
}

/** What a passed scenario showed, in a few words; empty when no trigger had to fire. */
export function firedPhrase({ triggers }: ScenarioRecord): string {
  return triggers
    .filter(hasFiredAsDue)
    .map(({ name, firedAfterFaultMs }) =>
      firedAfterFaultMs === null
        ? `${name} fired`
        : `${name} fired ${seconds(firedAfterFaultMs)} after the fault`,
    )
    .join(", ");
}

/** Of the checks that count orders, the one with the most: all look at the same orders. */
function ordersJudged(scenario: ScenarioRecord): number {
  const counts = checksOf([scenario], "invariant").flatMap(({ judgedBy }) =>
    judgedBy.noun.endsWith("order") ? [judgedBy.count] : [],
  );
  return Math.max(0, ...counts);
}

function on(orders: number): string {
  return orders === 0 ? "" : ` on ${counted(orders, "order")}`;
}

function hasFiredAsDue({ expected, firedAtMs, verdict }: TriggerRecord): boolean {
  return expected === "fires" && firedAtMs !== null && verdict === "pass";
}

function hasRecovered(scenario: ScenarioRecord): boolean {
  const checks = checksOf([scenario], "recovery");
  return checks.length > 0 && checks.every(({ verdict }) => verdict === "pass");
}

function checksOf(scenarios: readonly ScenarioRecord[], kind: CheckRecord["kind"]): CheckRecord[] {
  return scenarios.flatMap((scenario) => scenario.checks).filter((check) => check.kind === kind);
}

const seconds = (durationMs: number): string => `${(durationMs / 1_000).toFixed(1)} s`;

function enumerate(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? "";
  if (clauses.length < 2) return last;
  return `${clauses.slice(0, -1).join(", ")}${clauses.length > 2 ? "," : ""} and ${last}`;
}
