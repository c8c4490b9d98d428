import { counted, describeMistake, UsageError } from "../core/index.ts";
import {
  checkCondition,
  checkScenario,
  type DrillCondition,
  type Experiment,
  type RunFacts,
} from "../harness/index.ts";
import type { RuleGroup } from "../signals/index.ts";

/**
 * Checks the scenarios of experiments before anything is started.
 *
 * @throws UsageError `bad-scenario` with a line for each mistake in any of them.
 */
export function requireValid(experiments: readonly Experiment[], facts: RunFacts): void {
  const scenarios = new Set(experiments.map(({ scenario }) => scenario));
  const lines = [...scenarios].flatMap((scenario) => {
    const checked = checkScenario(scenario, facts);
    if (checked.kind === "valid") return [];
    return checked.mistakes.map((mistake) => `${scenario.name}: ${describeMistake(mistake)}`);
  });
  if (lines.length > 0) throw badScenarios(lines);
}

/**
 * Checks the conditions of a drill before anything is started for them.
 *
 * @param groups The rules that they were made for; null where those of the drill are others.
 * @throws UsageError `bad-scenario` with a line for each mistake in any of them.
 */
export function requireValidConditions(
  conditions: readonly DrillCondition[],
  groups: readonly RuleGroup[] | null,
): void {
  const lines = conditions.flatMap((condition) =>
    checkCondition(condition, groups).map((mistake) => `${condition.name}: ${describeMistake(mistake)}`),
  );
  if (lines.length > 0) throw badScenarios(lines);
}

/** The error for scenarios with these mistakes, one line each. */
export function badScenarios(lines: readonly string[]): UsageError {
  return new UsageError({
    code: "bad-scenario",
    message: `Expected scenarios that can be carried out, got ${counted(lines.length, "mistake")}.`,
    nextStep: "docs/add-a-scenario.md says what a scenario consists of.",
    lines,
  });
}
