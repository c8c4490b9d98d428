import type { ConditionRun, RuleReading } from "../../evidence/index.ts";
import { parseRules, type RuleGroup } from "../../signals/index.ts";
import { type DrilledRule, drilledRules } from "./candidates.ts";
import type { DrillCondition } from "./condition.ts";

/** A condition with only those parts that a test needs. */
export function conditionOf(
  name: string,
  parts: Partial<
    Pick<
      DrillCondition,
      "environment" | "madeFor" | "acts" | "confirmedBy" | "moves" | "endsSeries" | "triggers"
    >
  > = {},
): DrillCondition {
  return {
    name,
    summary: `${name} happens.`,
    madeFor: null,
    environment: {},
    load: { rateRps: 1, workload: { kind: "request" } },
    acts: [],
    moves: [],
    endsSeries: false,
    triggers: [],
    confirmedBy: { what: `${name}'s sign`, expression: "vector(1)" },
    ...parts,
  };
}

/** Groups of one rule file, given as the lines of its rules. */
export function groupsOf(...rules: readonly string[]): readonly RuleGroup[] {
  const text = `groups: [{ name: test, rules: [${rules.map((rule) => `{ ${rule} }`).join(", ")}] }]`;
  return parseRules(text, "test.yml");
}

/** The drilled rule of a file with a single alert. */
export function drilledRule(rule: string, ...conditions: readonly DrillCondition[]): DrilledRule {
  const [only] = drilledRules(groupsOf(rule), conditions);
  if (only === undefined) throw new TypeError("Expected an alert in the rule.");
  return only;
}

/** A run of a condition that was confirmed in a healthy lab, with what the rules did. */
export function runOf(
  condition: string,
  readings: Readonly<Record<string, RuleReading>>,
  parts: Partial<ConditionRun> = {},
): ConditionRun {
  return {
    condition,
    summary: `${condition} happens.`,
    acts: [`${condition} begun`],
    shown: { kind: "shown", what: `${condition}'s sign`, afterMs: 500 },
    steadyBefore: true,
    watchedMs: 10_000,
    generatorLagMsP99: 2,
    problems: [],
    rules: Object.entries(readings).map(([rule, reading]) => ({ rule, reading })),
    ...parts,
  };
}
