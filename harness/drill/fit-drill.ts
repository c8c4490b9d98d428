import type { PlatformDefinition } from "../../definition/index.ts";
import type { NotApplicable } from "../../evidence/index.ts";
import { alertsOf, parsePromql, type RuleGroup } from "../../signals/index.ts";
import { VENUES } from "../../venues/index.ts";
import { meansOf } from "../applicability/fit-experiments.ts";
import { fitRules, leavingOutMetrics } from "../applicability/fit-rules.ts";
import { needsOfFault } from "../applicability/fit-scenario.ts";
import { lackedBy, type Means, missingVenues } from "../applicability/lacks.ts";
import type { DrillCondition, DrillLoad } from "./condition.ts";

/** What can be drilled on a platform, and the alerts that cannot. */
export interface FittedDrill {
  readonly groups: readonly RuleGroup[];
  readonly conditions: readonly DrillCondition[];
  readonly quiet: DrillCondition;
  readonly notApplicable: readonly NotApplicable[];
}

export interface DrillParts {
  readonly rules: readonly RuleGroup[];
  readonly conditions: readonly DrillCondition[];
  readonly quiet: DrillCondition;
}

/**
 * Adapts rules and conditions to a platform. A condition that the platform cannot be in is left out, and so is an alert
 * that reads what the platform does not have. An alert for which conditions were made, of which none is left, does
 * not apply either: others may not be strong enough for it, so its silence would prove nothing.
 */
export function fitDrill(
  { rules, conditions, quiet }: DrillParts,
  platform: PlatformDefinition,
): FittedDrill {
  const means = meansOf(platform);
  const { groups, notApplicable } = fitRules(rules, means);
  const needs = new Map(
    conditions.map((condition) => [condition, needsOf(condition, platform.name, means, groups)]),
  );
  const fits = (condition: DrillCondition) => needs.get(condition)?.length === 0;
  const withoutCondition = alertsOf(groups).flatMap(({ name }): readonly NotApplicable[] => {
    const made = conditions.filter(({ triggers }) => triggers.includes(name));
    if (made.length === 0 || made.some(fits)) return [];
    return [{ what: name, needs: [...new Set(made.flatMap((each) => needs.get(each) ?? []))].join(", ") }];
  });
  return {
    groups,
    conditions: conditions.filter(fits).map((condition) => fitted(condition, means)),
    quiet: fitted(quiet, means),
    notApplicable: [...notApplicable, ...withoutCondition],
  };
}

/** The condition with orders only for the venues that the platform trades. */
function fitted(condition: DrillCondition, means: Means): DrillCondition {
  const { load, acts, confirmedBy } = condition;
  return {
    ...condition,
    load: tradedOnly(load, means),
    acts: acts.map((act) => (act.kind === "load" ? { ...act, load: tradedOnly(act.load, means) } : act)),
    confirmedBy: { ...confirmedBy, expression: leavingOutMetrics(confirmedBy.expression, means) },
  };
}

/** What a platform would have to have to be in a condition; nothing when it can be in it. */
function needsOf(
  { madeFor, load, acts, confirmedBy }: DrillCondition,
  platformName: string,
  means: Means,
  groups: readonly RuleGroup[],
): readonly string[] {
  const loads = [load, ...acts.flatMap((act) => (act.kind === "load" ? [act.load] : []))];
  return [
    ...(madeFor === null || madeFor === platformName ? [] : [`the platform ${madeFor}`]),
    ...acts.flatMap((act) => (act.kind === "fault" ? needsOfFault(act.fault, means) : [])),
    ...loads.flatMap((each) => untraded(each, means)),
    ...lackedBy(means, parsePromql(confirmedBy.expression), groups),
  ];
}

/** The venues of a load of which the platform trades none. */
function untraded({ workload }: DrillLoad, means: Means): readonly string[] {
  if (workload.kind !== "order-flow" || workload.venues === undefined) return [];
  const { venues } = workload;
  const asked = VENUES.filter(({ name }) => name in venues).map(({ name }) => name);
  const missing = missingVenues(means, asked);
  return missing.length === asked.length ? missing : [];
}

function tradedOnly(load: DrillLoad, { venues: traded }: Means): DrillLoad {
  const { workload } = load;
  if (workload.kind !== "order-flow" || workload.venues === undefined) return load;
  const entries = Object.entries(workload.venues).filter(([venue]) => traded.some((name) => name === venue));
  return { ...load, workload: { ...workload, venues: Object.fromEntries(entries) } };
}
