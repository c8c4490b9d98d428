import { formatDuration } from "../../core/index.ts";
import type {
  ConditionRun,
  NotApplicable,
  QuietDrill,
  RuleReading,
  TriggerDrill,
} from "../../evidence/index.ts";
import type { DrilledRule } from "./candidates.ts";
import { patienceMs } from "./watch-times.ts";

/** When the generator was later than this, the machine was too busy to judge what did not happen. */
const BUSY_LAG_MS_P99 = 50;

/**
 * Judges one drilled rule by everything that was done to the lab. It passes when it fired under a condition
 * and its expression did not hold before. When it did not fire, that counts against the rule only if the
 * condition was really true: confirmed by the samples, on a machine that was not overloaded. Pure.
 */
export function judgeTrigger(
  drilled: DrilledRule,
  runs: readonly ConditionRun[],
  timeScale: number,
): TriggerDrill {
  const { rule, conditions } = drilled;
  const names = new Set(conditions.map((condition) => condition.name));
  const onPurpose = runs.filter((run) => names.has(run.condition));
  const tried = onPurpose.map((run) => run.condition);
  const common = { trigger: rule.name, severity: rule.labels.severity?.text ?? "none", tried };
  for (const run of [...onPurpose, ...runs.filter((each) => !names.has(each.condition))]) {
    const reading = readingIn(run, rule.name);
    if (reading?.kind === "fired") return { ...common, ...firedIn(run, rule.name, reading) };
  }
  return { ...common, ...NOT_FIRED, ...whyNot(drilled, onPurpose, runs, timeScale) };
}

/** What is known of a rule when the drill ended before anything was watched. */
export function notTried({ rule }: DrilledRule): TriggerDrill {
  const severity = rule.labels.severity?.text ?? "none";
  return { trigger: rule.name, severity, tried: [], ...NOT_FIRED, ...undecided("not tried") };
}

/** What is known of a rule that the platform cannot be drilled for, although it was named. */
export function doesNotApply({ what, needs }: NotApplicable): TriggerDrill {
  return {
    ...{ trigger: what, severity: "none", tried: [], ...NOT_FIRED },
    ...undecided(`not applicable: needs ${needs}`),
  };
}

const NOT_FIRED = {
  condition: null,
  trueAfterFaultMs: null,
  firedAfterFaultMs: null,
  firedAfterTrueMs: null,
  interruptions: 0,
  firedWith: [],
} as const;

function firedIn(run: ConditionRun, name: string, reading: Extract<RuleReading, { kind: "fired" }>) {
  const { trueAfterMs, firedAfterMs, interruptions } = reading;
  return {
    verdict: "pass",
    outcome: "fired",
    condition: run.condition,
    trueAfterFaultMs: trueAfterMs,
    firedAfterFaultMs: firedAfterMs,
    firedAfterTrueMs: firedAfterMs - trueAfterMs,
    interruptions,
    firedWith: run.rules.flatMap(({ rule, reading: other }) =>
      rule !== name && other.kind === "fired" ? [rule] : [],
    ),
    why: `fired ${formatDuration(firedAfterMs)} after ${run.acts.join(", ")}`,
  } as const;
}

type Refusal = Pick<TriggerDrill, "verdict" | "outcome" | "why">;

const silent = (why: string): Refusal => ({ verdict: "fail", outcome: "silent", why });
const undecided = (why: string): Refusal => ({ verdict: "inconclusive", outcome: "undecided", why });

function whyNot(
  drilled: DrilledRule,
  onPurpose: readonly ConditionRun[],
  all: readonly ConditionRun[],
  timeScale: number,
): Refusal {
  const { rule, requirements, conditions } = drilled;
  if (!Number.isFinite(patienceMs(requirements, timeScale))) {
    const neededMs = (requirements.forMs + requirements.reachMs) / timeScale;
    const needed = `its range and its \`for\` take ${formatDuration(neededMs)} at this time scale`;
    return undecided(`not tried: ${needed}; choose a larger time scale`);
  }
  if (conditions.length === 0) {
    const seen = all.some((run) => readingIn(run, rule.name)?.kind !== "no-data");
    return silent(
      misspelled(drilled) ??
        (seen
          ? "silent alert: no condition here changes a metric that it names"
          : "silent alert: no series that it names ever existed in the lab"),
    );
  }
  const refusals = onPurpose.map((run) => refusalIn(run, drilled, timeScale));
  const silences = refusals.filter((refusal) => refusal.outcome === "silent");
  if (silences.length > 0) {
    return silent(misspelled(drilled) ?? `silent alert: ${silences.map(({ why }) => why).join("; ")}`);
  }
  return refusals[0] ?? undecided("not tried");
}

/** Why a rule can never fire: it names only a spelling that is not stored. */
function misspelled({ requirements }: DrilledRule): string | undefined {
  const [first] = requirements.neverStored;
  if (first === undefined) return undefined;
  return `silent alert: it matches ${first.written}, but Prometheus 3 stores ${first.stored}`;
}

/** What a run in which the rule did not fire says about the rule. */
function refusalIn(run: ConditionRun, { rule, requirements }: DrilledRule, timeScale: number): Refusal {
  const under = `under ${run.condition}`;
  const reading = readingIn(run, rule.name);
  const [problem] = run.problems;
  if (problem !== undefined) return undecided(`${under}: ${problem}`);
  if (reading === undefined) return undecided(`${under} it was not watched`);
  if (reading.kind === "failed") return undecided(`${under} it could not be evaluated: ${reading.why}`);
  if (reading.kind === "true-before")
    return undecided(`${under} its expression held before the condition was created`);
  if (run.shown.kind === "not-shown")
    return undecided(`${under} the condition never became true: ${run.shown.what} was ${run.shown.why}`);
  if (reading.kind === "no-data") return silent(`${under} no series that it names existed`);
  if (reading.kind === "quiet") return silent(`${under} its expression never held`);
  if (reading.kind === "fired") return undecided(`${under} it fired nevertheless`);
  const held = `${under} its expression held for ${formatDuration(reading.longestMs)} at most, but its \`for\` is ${formatDuration(requirements.forMs / timeScale)}`;
  return isBusy(run) ? undecided(`${held}; the machine was too busy for a conclusion`) : silent(held);
}

function readingIn(run: ConditionRun, name: string): RuleReading | undefined {
  return run.rules.find((each) => each.rule === name)?.reading;
}

function isBusy({ generatorLagMsP99 }: ConditionRun): boolean {
  return generatorLagMsP99 === null || generatorLagMsP99 > BUSY_LAG_MS_P99;
}

/** Judges the control: nothing was done, so nothing may fire. Pure. */
export function judgeQuiet(run: ConditionRun): QuietDrill {
  const { watchedMs } = run;
  const of = (...kinds: readonly RuleReading["kind"][]) =>
    run.rules.flatMap(({ rule, reading }) => (kinds.includes(reading.kind) ? [rule] : []));
  const fired = of("fired", "true-before");
  const quiet = { watchedMs, fired };
  const [problem] = run.problems;
  if (problem !== undefined) return { ...quiet, verdict: "inconclusive", why: problem };
  if (fired.length > 0 && isBusy(run)) {
    const why = `the machine itself was too busy: requests started ${run.generatorLagMsP99?.toFixed(0) ?? "–"} ms late`;
    return { ...quiet, verdict: "inconclusive", why };
  }
  if (fired.length > 0) return { ...quiet, verdict: "fail", why: "fired without any condition" };
  if (run.shown.kind === "not-shown") {
    return { ...quiet, verdict: "inconclusive", why: `${run.shown.what}: ${run.shown.why}` };
  }
  const blind = of("no-data", "failed");
  if (blind.length === run.rules.length)
    return { ...quiet, verdict: "inconclusive", why: "no rule had data" };
  const without = blind.length === 0 ? "" : `; without data: ${blind.join(", ")}`;
  return { ...quiet, verdict: "pass", why: `none of ${run.rules.length} rules fired${without}` };
}
