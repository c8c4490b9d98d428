import {
  type AlertingRule,
  childrenOf,
  type Expr,
  type NeverStored,
  neverStored,
  type RuleGroup,
  selectorsOf,
} from "../../signals/index.ts";

type Matcher = ReturnType<typeof selectorsOf>[number]["matchers"][number];

/** What a rule reads, and for how long. */
export interface RuleRequirements {
  /** The conditions on metric names, one for each selector; recorded series are traced to their sources. */
  readonly metrics: readonly Matcher[];
  /** Whether it fires because series are missing, and not because of their values. */
  readonly waitsForAbsence: boolean;
  /**
   * How far back it looks, in ms of production: ranges and offsets, on the longest path through the
   * expression.
   */
  readonly reachMs: number;
  /** Conditions that no series in Prometheus's notation fulfills. */
  readonly neverStored: readonly NeverStored[];
  /** How long it must hold before it fires, in ms of production. */
  readonly forMs: number;
}

const METRIC_NAME = "__name__";

/** Reads what a rule needs in order to fire; `groups` hold the recording rules that it may build on. */
export function requirementsOf(rule: AlertingRule, groups: readonly RuleGroup[]): RuleRequirements {
  const recorded = new Map(
    groups.flatMap((group) =>
      group.rules.flatMap((each) => (each.kind === "record" ? [[each.name, each.expr] as const] : [])),
    ),
  );
  const follow = (expr: Expr, seen: ReadonlySet<string>): readonly Matcher[] =>
    selectorsOf(expr).flatMap((selector) => {
      const named = selector.matchers.filter((matcher) => matcher.name === METRIC_NAME);
      const [only] = named;
      const source = only?.operator === "=" ? recorded.get(only.value) : undefined;
      if (only === undefined || source === undefined || seen.has(only.value)) return named;
      return follow(source, new Set([...seen, only.value]));
    });
  return {
    metrics: follow(rule.expr, new Set()),
    waitsForAbsence: calls(rule.expr, ["absent", "absent_over_time"]),
    neverStored: neverStored(rule.expr),
    reachMs: reachOf(rule.expr),
    forMs: rule.forMs,
  };
}

/** A histogram is named once, and has these series. */
const HISTOGRAM_SUFFIXES = ["", "_bucket", "_sum", "_count"];

/** How many of the rule's selectors a set of metrics matches; a histogram is named without its suffix. */
export function sharedWith({ metrics }: RuleRequirements, metricNames: readonly string[]): number {
  const names = metricNames.flatMap((name) => HISTOGRAM_SUFFIXES.map((suffix) => name + suffix));
  return metrics.filter((matcher) => names.some((name) => matcher.matches(name))).length;
}

function calls(expr: Expr, names: readonly string[]): boolean {
  if (expr.kind === "call" && names.includes(expr.name)) return true;
  return childrenOf(expr).some((child) => calls(child, names));
}

function reachOf(expr: Expr): number {
  const inner = Math.max(0, ...childrenOf(expr).map(reachOf));
  switch (expr.kind) {
    case "vector-selector":
      return expr.shift.offsetMs;
    case "matrix-selector":
      return expr.rangeMs + inner;
    case "subquery":
      return expr.rangeMs + expr.shift.offsetMs + inner;
    default:
      return inner;
  }
}
