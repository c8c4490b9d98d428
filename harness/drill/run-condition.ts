import { type Clock, formatDuration, steadyClockFrom } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { ConditionRun, RuleRecord, ShownRecord } from "../../evidence/index.ts";
import type { Lab, ProcessDeath } from "../../lab/index.ts";
import type { RunningLoad } from "../../load/index.ts";
import type { RuleGroup } from "../../signals/index.ts";
import { openRunLease } from "../experiment/run-lease.ts";
import { SteadyWatch } from "../judging/steady-state.ts";
import { describeGaps, RunnerWatch } from "../observation/runner-watch.ts";
import type { DrillCondition } from "./condition.ts";
import type { DrillListener } from "./drill-event.ts";
import { DrillWatch, TICK_MS } from "./drill-watch.ts";
import { performActs, startDrillLoad } from "./perform-acts.ts";
import { readRule } from "./reading.ts";
import { COMES_TRUE_WITHIN_MS } from "./watch-times.ts";

const WARM_UP_LIMIT_MS = 10_000;
/** The earlier values that rules compare with: as long as the ranges of rules that compare with the past. */
const BASELINE_PRODUCTION_MS = 180_000;
const LEAST_BASELINE_MS = 2_000;

export interface ConditionContext {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  readonly groups: readonly RuleGroup[];
  readonly timeScale: number;
  readonly seed: number;
  /** The machine's clock, with which the runner watches itself. */
  readonly clock: Clock;
  readonly listener: DrillListener;
  readonly signal: AbortSignal;
}

/**
 * Creates a condition in the lab, and records what the rules do:
 *
 * 1. **Reset.** The lab goes back to its start.
 *
 * 2. **Load** starts; the platform gets at most ten seconds to serve it within the objective.
 *
 * 3. **Baseline**: the rules are watched for a while before anything is done.
 *
 * 4. **Acts**: faults are injected, under a lease of the fault proxy, and the load of the condition starts.
 *
 * 5. **Watching** until every awaited rule has fired, or for `patienceMs` after the condition was confirmed.
 *
 * 6. **Healing**, whatever happened.
 *
 * @throws the reason of the signal when it is aborted; KanitError when the lab cannot do
 *   what the condition needs.
 */
export async function runCondition(
  condition: DrillCondition,
  awaited: readonly string[],
  patienceMs: number,
  given: ConditionContext,
): Promise<ConditionRun> {
  const context = { ...given, clock: steadyClockFrom(given.clock) };
  const { lab, clock, seed, signal, listener, timeScale } = context;
  const { name, summary } = condition;
  listener({ kind: "drill.condition.started", condition: name, summary, awaited });
  signal.throwIfAborted();
  await lab.reset(seed);
  const deathsBefore = lab.deaths().length;
  using runner = new RunnerWatch(given.clock, lab.powers);
  await using lease = await openRunLease(lab.proxy, `drill of ${name}`, seed);
  await using load = await startDrillLoad(condition.load, context);
  const steadyBefore = await untilSteady(load, clock, signal);

  await using watch = DrillWatch.start({ ...context, addresses: lab.addresses });
  const baselineMs = Math.max(LEAST_BASELINE_MS, BASELINE_PRODUCTION_MS / timeScale);
  await clock.sleep(baselineMs, signal);

  const fromMs = clock.nowMs();
  await using acts = await performActs(condition.acts, { ...context, watch, proxy: lease.proxy });
  listener({ kind: "drill.acts.done", condition: name, acts: acts.labels });
  const shown = await watchRules(condition, awaited, patienceMs, fromMs, watch, context);
  const toMs = clock.nowMs();
  const rules = watch.rules().map((record): RuleRecord => {
    return { rule: record.name, reading: readRule(record, fromMs, toMs) };
  });
  const { generator } = await load.stop();
  const run: ConditionRun = {
    condition: name,
    summary,
    acts: acts.labels,
    shown,
    steadyBefore,
    watchedMs: toMs - fromMs,
    generatorLagMsP99: generator.lagMs.p99,
    problems: [
      ...[describeGaps(runner.gaps())].filter((gap) => gap !== null),
      ...lab.deaths().slice(deathsBefore).map(describeDeath),
    ],
    rules,
  };
  listener({ kind: "drill.condition.ended", run });
  return run;
}

function describeDeath({ process, ending, lastLines }: ProcessDeath): string {
  return `${process} died (${ending}): ${lastLines.at(-1) ?? "no output"}`;
}

async function untilSteady(load: RunningLoad, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const steady = new SteadyWatch();
  const stopListening = load.onTick((tick) => steady.add(tick));
  try {
    return await steady.untilSteady(WARM_UP_LIMIT_MS, clock, signal);
  } finally {
    stopListening();
  }
}

/** Watches until all awaited rules have fired and the condition was confirmed, or the time is over. */
async function watchRules(
  { name, confirmedBy: shownBy }: DrillCondition,
  awaited: readonly string[],
  patienceMs: number,
  fromMs: number,
  watch: DrillWatch,
  { clock, signal, listener }: ConditionContext,
): Promise<ShownRecord> {
  const fired = new Set<string>();
  let confirmedAfterMs: number | null = null;
  const missing = () => awaited.some((rule) => !fired.has(rule)) || awaited.length === 0;
  const limitMs = () => (confirmedAfterMs ?? COMES_TRUE_WITHIN_MS) + patienceMs;
  while (clock.nowMs() - fromMs < limitMs() && (missing() || confirmedAfterMs === null)) {
    await clock.sleep(TICK_MS, signal);
    const nowMs = clock.nowMs();
    if (confirmedAfterMs === null && watch.shows(shownBy, nowMs)) confirmedAfterMs = nowMs - fromMs;
    for (const record of watch.rules()) {
      const reading = readRule(record, fromMs, nowMs);
      if (reading.kind !== "fired" || fired.has(record.name)) continue;
      fired.add(record.name);
      const { firedAfterMs } = reading;
      listener({
        kind: "drill.rule.fired",
        condition: name,
        rule: record.name,
        awaited: awaited.includes(record.name),
        afterMs: firedAfterMs,
      });
    }
  }
  if (confirmedAfterMs !== null) return { kind: "shown", what: shownBy.what, afterMs: confirmedAfterMs };
  const why = `not seen within ${formatDuration(clock.nowMs() - fromMs)}`;
  return { kind: "not-shown", what: shownBy.what, why };
}
