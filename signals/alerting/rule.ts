import type { Expr } from "../promql/ast.ts";
import type { Template } from "./template.ts";

/** Labels or annotations by name, with templates in their texts. */
export type Templates = Readonly<Record<string, Template>>;

/** A rule that raises an alert for each element of its expression's result. */
export interface AlertingRule {
  readonly kind: "alert";
  readonly name: string;
  /** The expression as written; errors refer to positions in it. */
  readonly text: string;
  readonly expr: Expr;
  /** How long the condition must hold before the alert fires. */
  readonly forMs: number;
  /** How long a firing alert continues after its condition has ended. */
  readonly keepFiringForMs: number;
  readonly labels: Templates;
  readonly annotations: Templates;
}

/** A rule that stores its expression's result as a new series. */
export interface RecordingRule {
  readonly kind: "record";
  readonly name: string;
  readonly text: string;
  readonly expr: Expr;
  readonly labels: Readonly<Record<string, string>>;
}

export type Rule = AlertingRule | RecordingRule;

/** Rules that are evaluated in order at the same moments. */
export interface RuleGroup {
  readonly name: string;
  /** Null: the global evaluation interval. */
  readonly intervalMs: number | null;
  /** How far in the past the group evaluates; what it writes has that time. */
  readonly queryOffsetMs: number;
  /** The limit of alerts or series per rule; a rule that returns more fails. Null: no limit. */
  readonly limit: number | null;
  readonly rules: readonly Rule[];
}

/** The alerting rules of some groups. */
export function alertsOf(groups: readonly RuleGroup[]): readonly AlertingRule[] {
  return groups.flatMap((group) => group.rules.filter((rule) => rule.kind === "alert"));
}
