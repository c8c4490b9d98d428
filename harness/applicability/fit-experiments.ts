import type { PlatformDefinition } from "../../definition/index.ts";
import type { NotApplicable, RunRecord, ScenarioSource } from "../../evidence/index.ts";
import { mayMount } from "../../machine/index.ts";
import type { RuleGroup } from "../../signals/index.ts";
import { interruptsPlatform } from "../experiment/platform-interruptions.ts";
import type { Scenario } from "../experiment/scenario.ts";
import { fitRules } from "./fit-rules.ts";
import { fitScenario, ONE_PROCESS } from "./fit-scenario.ts";
import type { Means } from "./lacks.ts";

/** A scenario with the seed for its market, its load and its faults. */
export interface Experiment {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly source: ScenarioSource;
  /** What selects the scenario alone on a command line: its name, or its file. */
  readonly selector: string;
}

/** An experiment adapted to its platform, with the parts of it and the rules that do not apply. */
export interface FittedExperiment extends Experiment {
  readonly notApplicable: readonly NotApplicable[];
}

/**
 * How to treat a scenario that does not apply to the platform. `left-out`: it is not part of the run, as with
 * a profile. `not-run`: the user named it, so the run is at best inconclusive.
 */
export type WhenUnfit = "left-out" | "not-run";

/** The experiments to run, with their rules, and those that are not run. */
interface FittedExperiments extends Pick<RunRecord, "notRun" | "notApplicable"> {
  readonly experiments: readonly FittedExperiment[];
  readonly rules: readonly RuleGroup[];
}

/** Adapts the experiments of a run and the watched rules to the platform. */
export function fitExperiments(
  experiments: readonly Experiment[],
  rules: readonly RuleGroup[],
  platform: PlatformDefinition,
  whenUnfit: WhenUnfit,
): FittedExperiments {
  const means = meansOf(platform);
  const fittedRules = fitRules(rules, means);
  const unfit = new Map<string, string>();
  const fitted = experiments.flatMap((experiment): readonly FittedExperiment[] => {
    const own = ownConditions(experiment.scenario, platform);
    const { expectation } = experiment.scenario;
    const holds = [...expectation.holds, ...own.kept];
    const scenario = { ...experiment.scenario, expectation: { ...expectation, holds } };
    const fit = fitScenario(scenario, means, rules);
    if (fit.kind === "not-applicable") {
      unfit.set(scenario.name, fit.needs);
      return [];
    }
    const notApplicable = [...fit.notApplicable, ...own.notApplicable, ...fittedRules.notApplicable];
    return [{ ...experiment, scenario: fit.scenario, notApplicable }];
  });
  const left = [...unfit];
  return {
    experiments: fitted,
    rules: fittedRules.groups,
    notRun: whenUnfit === "left-out" ? [] : left.map(([name, needs]) => ({ name, why: doesNotApply(needs) })),
    notApplicable: whenUnfit === "left-out" ? left.map(([what, needs]) => ({ what, needs })) : [],
  };
}

/** Why a scenario does not apply to a platform, such as `not applicable: needs Binance`; null when it does. */
export function unfitness(scenario: Scenario, platform: PlatformDefinition): string | null {
  const fit = fitScenario(scenario, meansOf(platform), []);
  return fit.kind === "fits" ? null : doesNotApply(fit.needs);
}

function doesNotApply(needs: string): string {
  return `not applicable: needs ${needs}`;
}

/** What scenarios and rules may need of a platform, as its definition says. */
export function meansOf({ venues, metrics, clock }: PlatformDefinition): Means {
  return {
    venues,
    lacksMetrics: metrics.lacks,
    hasSteppableClock: clock !== null,
    hasMounts: mayMount(),
    metricsPath: metrics.path,
  };
}

/**
 * The conditions that only this platform can be asked. They are about one process: its memory, its handles. Where a
 * fault interrupts it, they are not applicable.
 */
function ownConditions({ faults }: Scenario, { conditions }: PlatformDefinition) {
  if (!faults.some(({ fault }) => interruptsPlatform(fault))) return { kept: conditions, notApplicable: [] };
  return { kept: [], notApplicable: conditions.map(({ name }) => ({ what: name, needs: ONE_PROCESS })) };
}
