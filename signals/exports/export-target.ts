import type { RuleGroup } from "../alerting/rule.ts";

/** The platform for which rules and dashboards are exported: what it has, and by which names. */
export interface ExportTarget {
  /** Recording rules that make the field's metrics of its own; none where it uses the field's names. */
  readonly mapping: readonly RuleGroup[];
  /** PromQL for the path at which it serves its metrics. */
  adapt(expression: string): string;
  /** What PromQL needs that the platform lacks; `groups` are the rules whose series it may read. */
  needs(expression: string, groups: readonly RuleGroup[]): readonly string[];
}

/** A platform with the field's own names, that has everything. */
export const COMPLETE_TARGET: ExportTarget = {
  mapping: [],
  adapt: (expression) => expression,
  needs: () => [],
};
