import { type Clock, mergeVerdicts } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type {
  ConditionRun,
  DrillRecord,
  EnvironmentRecord,
  NotApplicable,
  TriggerDrill,
} from "../../evidence/index.ts";
import type { Lab } from "../../lab/index.ts";
import { type RuleGroup, SampleStore, TriggerWatch } from "../../signals/index.ts";
import { environmentRecord } from "../experiment/environment-record.ts";
import { takeDown } from "../experiment/lab-supply.ts";
import { type DrilledRule, drilledRules, nextCondition, sameEnvironment } from "./candidates.ts";
import type { DrillCondition } from "./condition.ts";
import type { DrillListener } from "./drill-event.ts";
import { TICK_MS } from "./drill-watch.ts";
import { doesNotApply, judgeQuiet, judgeTrigger, notTried } from "./judge-drill.ts";
import { runCondition } from "./run-condition.ts";
import { patienceMs, quietMs } from "./watch-times.ts";

export interface DrillOptions {
  readonly runId: string;
  readonly title: string;
  /** The command line that repeats the drill. */
  readonly command: string;
  readonly seed: number;
  /** One second of the lab represents this many seconds of production, in rules. */
  readonly timeScale: number;
  /** All rules that are watched. */
  readonly groups: readonly RuleGroup[];
  /** The names of the alerts that are to be drilled. */
  readonly triggers: readonly string[];
  readonly conditions: readonly DrillCondition[];
  /** The alerts that do not apply to the platform. One that is to be drilled nevertheless is undecided. */
  readonly notApplicable: readonly NotApplicable[];
  /** The settings of the quiet run: ordinary clients, and no acts. */
  readonly quiet: DrillCondition;
  readonly platform: PlatformDefinition;
  /** Starts a lab whose platform gets these variables besides its own. */
  readonly startLab: (environment: Readonly<Record<string, string>>) => Promise<Lab>;
  readonly clock: Clock;
  readonly listener: DrillListener;
  /** Called with errors outside the drills. */
  readonly onProblem: (problem: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Drills alerts: creates their conditions in a lab, one after the other, and records which alerts fire, how
 * fast, and together with which others. Before that it watches the same lab with nothing done to it.
 *
 * One run serves every rule: all are watched in each, and a condition is created only for a rule that has not
 * yet fired under one of its own conditions. A drill that is aborted returns its results so far; the rules that it did
 * not reach are undecided.
 *
 * @throws UsageError `bad-time-scale` (see `checkTimeScale`); KanitError when the first lab does not start,
 *   or the quiet run cannot be carried out.
 */
export async function runDrills(options: DrillOptions): Promise<DrillRecord> {
  const { groups, timeScale, clock, listener, signal, runId, title, command, seed, platform } = options;
  const wanted = new Set(options.triggers);
  const drilled = drilledRules(groups, options.conditions).filter(({ rule }) => wanted.has(rule.name));
  const startedAt = new Date(clock.nowMs()).toISOString();
  const { notApplicable } = options;
  const unfit = notApplicable.filter(({ what }) => wanted.has(what)).map(doesNotApply);
  const opening = { runId, title, command, seed, platform: platform.name, startedAt, notApplicable };
  const planned = [...drilled.map(({ rule }) => nameOf(rule)), ...unfit];
  listener({ kind: "drill.started", ...opening, planned });
  await using stage = new Stage(options);
  const environment = await stage.describe(options.quiet);
  listener({ kind: "drill.environment", environment });
  const quietRun = await stage.run(options.quiet, [], quietMs(drilled, timeScale)).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    const run = brokenOff(options.quiet, signal.reason);
    listener({ kind: "drill.condition.ended", run });
    return run;
  });
  const quiet = judgeQuiet(quietRun);
  listener({ kind: "drill.quiet.ended", quiet });
  const runs = await tryConditions(drilled, stage, options);
  const isNothingWatched = signal.aborted && quietRun.rules.length === 0;
  const judged = drilled.map((each) =>
    isNothingWatched ? notTried(each) : judgeTrigger(each, runs, timeScale),
  );
  const triggers = [...judged, ...unfit];
  const verdict = mergeVerdicts([quiet.verdict, ...triggers.map((trigger) => trigger.verdict)]);
  const endedAt = new Date(clock.nowMs()).toISOString();
  listener({ kind: "drill.ended", verdict, endedAt, triggers });
  const found = { quiet, triggers, runs: [quietRun, ...runs] };
  return { schema: "kanit.drill/3", ...opening, endedAt, verdict, environment, ...found };
}

/** Makes conditions true until every rule has fired under one of its own, or has no other left. */
async function tryConditions(
  drilled: readonly DrilledRule[],
  stage: Stage,
  { timeScale, listener, signal }: DrillOptions,
): Promise<readonly ConditionRun[]> {
  const runs: ConditionRun[] = [];
  while (!signal.aborted) {
    const open = drilled.filter((each) => isOpen(each, runs, timeScale));
    const untried = open.map((each) => ({ name: each.rule.name, untried: untriedOf(each, runs) }));
    const next = nextCondition(untried, stage.environment);
    if (next === undefined) break;
    const awaited = open.filter(({ conditions }) => conditions.includes(next));
    const longestMs = Math.max(...awaited.map(({ requirements }) => patienceMs(requirements, timeScale)));
    const names = awaited.map(({ rule }) => rule.name);
    const run = await stage.run(next, names, longestMs).catch((error: unknown) => brokenOff(next, error));
    if (signal.aborted && run.rules.length === 0) break;
    if (run.rules.length === 0) listener({ kind: "drill.condition.ended", run });
    runs.push(run);
    for (const each of awaited.filter((rule) => !isOpen(rule, runs, timeScale))) {
      listener({ kind: "drill.trigger.fired", drill: judgeTrigger(each, runs, timeScale) });
    }
  }
  return runs;
}

function nameOf({ name, labels }: DrilledRule["rule"]): Pick<TriggerDrill, "trigger" | "severity"> {
  return { trigger: name, severity: labels.severity?.text ?? "none" };
}

/** A run that broke off says nothing about a rule, and must not lose the drill's earlier results. */
function brokenOff(condition: DrillCondition, error: unknown): ConditionRun {
  const { name, summary, confirmedBy: shownBy } = condition;
  return {
    condition: name,
    summary,
    acts: [],
    shown: { kind: "not-shown", what: shownBy.what, why: "not checked" },
    steadyBefore: false,
    watchedMs: 0,
    generatorLagMsP99: null,
    problems: [`it could not be carried out: ${reasonOf(error)}`],
    rules: [],
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A rule is open until it has fired under one of its own conditions; one that takes too long is not tried.
 */
function isOpen(
  { rule, conditions, requirements }: DrilledRule,
  runs: readonly ConditionRun[],
  timeScale: number,
): boolean {
  if (!Number.isFinite(patienceMs(requirements, timeScale))) return false;
  const names = new Set(conditions.map((condition) => condition.name));
  return !runs.some(
    (run) =>
      names.has(run.condition) &&
      run.rules.some((each) => each.rule === rule.name && each.reading.kind === "fired"),
  );
}

function untriedOf({ conditions }: DrilledRule, runs: readonly ConditionRun[]): readonly DrillCondition[] {
  const done = new Set(runs.map((run) => run.condition));
  return conditions.filter((condition) => !done.has(condition.name));
}

/** The running lab, replaced when a condition needs the platform started with other variables. */
class Stage implements AsyncDisposable {
  readonly #options: DrillOptions;
  #up: { readonly lab: Lab; readonly environment: Readonly<Record<string, string>> } | null = null;

  constructor(options: DrillOptions) {
    this.#options = options;
  }

  /** The variables of the running lab's platform; null when no lab runs. */
  get environment(): Readonly<Record<string, string>> | null {
    return this.#up?.environment ?? null;
  }

  /** Returns the lab for a condition, and starts it if necessary. */
  async describe({ environment }: DrillCondition): Promise<EnvironmentRecord> {
    return environmentRecord(await this.#labFor(environment), this.#options.timeScale);
  }

  async run(condition: DrillCondition, awaited: readonly string[], limitMs: number): Promise<ConditionRun> {
    const lab = await this.#labFor(condition.environment);
    const ended: ConditionRun[] = [];
    const listener: DrillListener = (event) => {
      if (event.kind === "drill.condition.ended") ended.push(event.run);
      this.#options.listener(event);
    };
    try {
      return await runCondition(condition, awaited, limitMs, { ...this.#options, listener, lab });
    } catch (error) {
      // The state of the lab is unknown.
      await this[Symbol.asyncDispose]();
      const [run] = ended;
      if (run === undefined) throw error;
      // It was watched to its end, and failed while it cleaned up.
      this.#options.onProblem(`Expected to clean up the lab of ${condition.name}, got: ${reasonOf(error)}`);
      return run;
    }
  }

  async #labFor(environment: Readonly<Record<string, string>>): Promise<Lab> {
    if (this.#up !== null && sameEnvironment(environment, this.#up.environment)) return this.#up.lab;
    await this[Symbol.asyncDispose]();
    const { clock, listener, startLab } = this.#options;
    const startMs = clock.monotonicMs();
    const lab = await startLab(environment);
    this.#up = { lab, environment };
    listener({
      kind: "drill.lab.ready",
      labId: lab.id,
      tookMs: clock.monotonicMs() - startMs,
      environment,
    });
    return lab;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const up = this.#up;
    this.#up = null;
    if (up !== null) await takeDown(up.lab, this.#options.onProblem);
  }
}

/**
 * Checks that the rules can be compressed by this time scale, before a lab is started.
 *
 * @throws UsageError `bad-time-scale` naming the rule, and the largest scale that it allows.
 */
export function checkTimeScale(groups: readonly RuleGroup[], timeScale: number, clock: Clock): void {
  void new TriggerWatch({ groups, store: new SampleStore(clock), clock, timeScale, tickMs: TICK_MS });
}
