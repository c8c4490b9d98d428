import { type AlertingRule, alertsOf, type RuleGroup } from "../../signals/index.ts";
import type { DrillCondition } from "./condition.ts";
import { type RuleRequirements, requirementsOf, sharedWith } from "./rule-requirements.ts";

/** A rule to be drilled, with the conditions that may make it fire, the most likely first. */
export interface DrilledRule {
  readonly rule: AlertingRule;
  readonly requirements: RuleRequirements;
  readonly conditions: readonly DrillCondition[];
}

/**
 * Finds for each alert the conditions to try. A condition that was made for an alert of that name is tried alone
 * or with others that were. Any other alert is tried with every condition that changes one of the metrics which
 * its expression names, those first that change the most of them. An alert for missing series is tried with
 * conditions that make series disappear.
 */
export function drilledRules(
  groups: readonly RuleGroup[],
  conditions: readonly DrillCondition[],
): readonly DrilledRule[] {
  return alertsOf(groups).map((rule) => {
    const requirements = requirementsOf(rule, groups);
    return { rule, requirements, conditions: candidatesFor(rule.name, requirements, conditions) };
  });
}

function candidatesFor(
  name: string,
  requirements: RuleRequirements,
  conditions: readonly DrillCondition[],
): readonly DrillCondition[] {
  const made = conditions.filter((condition) => condition.triggers.includes(name));
  if (made.length > 0) return made;
  if (requirements.waitsForAbsence) return conditions.filter((condition) => condition.endsSeries);
  const shared = (condition: DrillCondition) => sharedWith(requirements, condition.moves);
  return conditions
    .filter((condition) => shared(condition) > 0)
    .toSorted((one, other) => shared(other) - shared(one));
}

/** A rule that has not fired yet, with the conditions that remain to be tried. */
export interface OpenRule {
  readonly name: string;
  readonly untried: readonly DrillCondition[];
}

/**
 * The next condition: the most likely one of some rule that has not fired yet. The running lab is kept as
 * long as one of these conditions can use it. Undefined when nothing remains.
 */
export function nextCondition(
  open: readonly OpenRule[],
  running: Readonly<Record<string, string>> | null,
): DrillCondition | undefined {
  const likeliest = open.flatMap(({ untried }) => untried.slice(0, 1));
  return likeliest.find((condition) => sameEnvironment(condition.environment, running)) ?? likeliest[0];
}

/** Whether a platform that was started with one set of variables can be used for another. */
export function sameEnvironment(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>> | null,
): boolean {
  if (other === null) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
