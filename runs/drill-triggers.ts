import { systemClock, UnavailableError, UsageError } from "../core/index.ts";
import type { DrillRecord, NotApplicable } from "../evidence/index.ts";
import {
  checkTimeScale,
  type DrillCondition,
  type DrillEvent,
  type DrillListener,
  fitDrill,
  runDrills,
} from "../harness/index.ts";
import type { LabOptions, Runtime } from "../lab/index.ts";
import { QUIET } from "../scenarios/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles, type RuleGroup } from "../signals/index.ts";
import { openArchive } from "./open-archive.ts";
import { requireValidConditions } from "./require-valid.ts";
import { type FiledRun, RunFiling } from "./run-filing.ts";
import { startProvenLab } from "./start-proven-lab.ts";

const SIBLING = /Absent$/;

export interface DrillTriggersOptions {
  /** The names of the alerts to drill. Empty: all alerts of `rulesPath`, or the twenty triggers. */
  readonly triggers: readonly string[];
  /** The conditions that may be used to make them fire. */
  readonly conditions: readonly DrillCondition[];
  /** The user's own rule file; null: kanit's own. */
  readonly rulesPath: string | null;
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "logDirectory" | "signal">;
  /** The folder of all runs; this one gets its own folder in it. */
  readonly outDirectory: string;
  readonly timeScale: number;
  readonly command: string;
  readonly listener: DrillListener;
  readonly signal: AbortSignal;
}

/**
 * Drills alerts in labs that it starts and stops, and writes the report and the evidence to `<outDirectory>/<drill>`.
 *
 * @throws UsageError `bad-scenario`, `unknown-trigger`, `no-alerts`, or what is wrong with the rule file; KanitError
 *   when a lab does not start or the evidence cannot be written.
 */
export async function drillTriggers(options: DrillTriggersOptions): Promise<FiledRun<DrillRecord>> {
  const { lab, rulesPath, timeScale, command } = options;
  const groups = await loadRuleFiles(rulesPath === null ? ALL_RULE_FILES : [rulesPath]);
  const named = chosen(options, groups);
  const fitted = fitDrill({ rules: groups, conditions: options.conditions, quiet: QUIET }, lab.platform);
  const triggers = applicable(options, named, fitted.notApplicable);
  const notApplicable = fitted.notApplicable.filter(({ what }) => named.includes(what));
  checkTimeScale(groups, timeScale, systemClock);
  // With the user's own rules, the conditions are for triggers that are not there.
  requireValidConditions(options.conditions, rulesPath === null ? groups : null);
  const archive = await openArchive(options.outDirectory, lab, "drill");
  using filing = new RunFiling<DrillEvent>(archive, options.signal);
  const { signal } = filing;
  const listener = (event: DrillEvent) => {
    filing.append(event);
    options.listener(event);
  };
  let labs = 0;
  return await filing.file(() =>
    runDrills({
      runId: archive.runId,
      title: rulesPath === null ? "kanit's triggers" : rulesPath,
      command,
      seed: lab.seed,
      timeScale,
      ...fitted,
      notApplicable,
      triggers,
      platform: lab.platform,
      startLab: (environment) => {
        const platformEnvironment = { ...lab.platformEnvironment, ...environment };
        labs += 1;
        const logDirectory = archive.path(`logs/lab-${labs}`);
        return startProvenLab(options.runtime, { ...lab, platformEnvironment, logDirectory, signal });
      },
      clock: systemClock,
      listener,
      onProblem: (problem) => filing.warn(problem),
      signal,
    }),
  );
}

/** Alerts for missing data (`…Absent`) are always watched, but drilled only when they are named. */
function chosen(
  { triggers, rulesPath }: DrillTriggersOptions,
  groups: readonly RuleGroup[],
): readonly string[] {
  const known = alertsOf(groups).map((alert) => alert.name);
  const unknown = triggers.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError({
      code: "unknown-trigger",
      message: `Expected the name of an alert, got ${JSON.stringify(unknown)}.`,
      nextStep: `Known are ${known.join(", ")}.`,
    });
  }
  if (known.length === 0) {
    throw new UsageError({
      code: "no-alerts",
      message: `Expected at least one alert in ${rulesPath ?? "the rule files"}, got none.`,
      nextStep: "Recording rules alone cannot be drilled: add an alerting rule.",
    });
  }
  if (triggers.length > 0) return triggers;
  return rulesPath === null ? known.filter((name) => !SIBLING.test(name)) : known;
}

/**
 * The alerts to drill: all that apply to the platform, and those that the user named although they do not.
 *
 * @throws UnavailableError `nothing-applies`
 */
function applicable(
  { triggers: asked, lab }: DrillTriggersOptions,
  named: readonly string[],
  notApplicable: readonly NotApplicable[],
): readonly string[] {
  const unfit = new Map(notApplicable.map(({ what, needs }) => [what, needs]));
  const fit = named.filter((name) => !unfit.has(name));
  if (fit.length > 0) return asked.length > 0 ? named : fit;
  const reasons = named.map((name) => `${name} needs ${unfit.get(name)}`);
  throw new UnavailableError({
    code: "nothing-applies",
    message: `Expected an alert that can be drilled on ${lab.platform.name}, got none: ${reasons.join("; ")}.`,
    nextStep:
      "What the platform has is said by its definition, under `venues`, `metrics.rules` and `metrics.lacks`.",
  });
}
