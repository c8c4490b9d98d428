import type { CheckRecord, RunRecord, ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";

/** What a run that passed has shown, in figures. Only what its record holds: nothing measured, nothing said. */
export interface Proof {
  readonly faults: number;
  readonly invariants: number;
  /** Triggers that had to fire and did. */
  readonly fired: number;
  /** From the injection of a fault to the firing of its trigger, the slowest of all, in milliseconds. */
  readonly slowestMs: number | null;
  /** Whether triggers were watched that had to stay quiet, and none of them fired. */
  readonly isFreeOfFalseAlarms: boolean;
  /** Scenarios that injected a fault, and those of them whose every check of recovery held. */
  readonly faulted: number;
  readonly recovered: number;
}

/** Counts what a run has shown. Checks and triggers that are not a pass count for nothing. */
export function proofOf({ scenarios }: RunRecord): Proof {
  const triggers = scenarios.flatMap((scenario) => scenario.triggers);
  const fired = triggers.filter(hasFiredAsDue);
  const delaysMs = fired.flatMap(({ firedAfterFaultMs }) => firedAfterFaultMs ?? []);
  const watched = triggers.filter(({ expected }) => expected === "quiet");
  const faulted = scenarios.filter(({ faults }) => faults.length > 0);
  return {
    faults: scenarios.reduce((total, { faults }) => total + faults.length, 0),
    invariants: checksOf(scenarios, "invariant").filter(({ verdict }) => verdict === "pass").length,
    fired: fired.length,
    slowestMs: delaysMs.length === 0 ? null : Math.max(...delaysMs),
    isFreeOfFalseAlarms: watched.length > 0 && watched.every(({ firedAtMs }) => firedAtMs === null),
    faulted: faulted.length,
    recovered: faulted.filter(hasRecovered).length,
  };
}

/** The proof in short phrases, for one line: `36 invariant checks held`, `no false alarm`, … */
export function proofPhrases(run: RunRecord): string[] {
  const { invariants, fired, slowestMs, isFreeOfFalseAlarms, faulted, recovered } = proofOf(run);
  const within = slowestMs === null ? "" : ` within ${seconds(slowestMs)}`;
  return [
    ...(invariants === 0 ? [] : [`${counted(invariants, "invariant check")} held`]),
    ...(fired === 0 ? [] : [`${counted(fired, "due trigger")} fired${within}`]),
    ...(isFreeOfFalseAlarms ? ["no false alarm"] : []),
    ...(recovered === 0 ? [] : [`recovered in ${recovered} of ${faulted}`]),
  ];
}

/** A run that passed in one sentence: that its hypotheses held, and what was seen of it. */
export function proofSentence(run: RunRecord): string {
  const { faults, invariants, fired, slowestMs, isFreeOfFalseAlarms, faulted, recovered } = proofOf(run);
  const often = recovered === faulted ? " every time" : ` in ${recovered} of ${faulted} scenarios`;
  const within = slowestMs === null ? "" : ` within ${seconds(slowestMs)} of the fault`;
  const clauses = [
    ...(invariants === 0 ? [] : [`no invariant broke in ${counted(invariants, "check")}`]),
    ...(fired === 0
      ? []
      : [`${fired === 1 ? "the trigger" : `each of the ${fired} triggers`} due fired${within}`]),
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

/** What a scenario that passed showed, in a few words; empty where no trigger was due. */
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

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

function enumerate(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? "";
  if (clauses.length < 2) return last;
  return `${clauses.slice(0, -1).join(", ")}${clauses.length > 2 ? "," : ""} and ${last}`;
}
