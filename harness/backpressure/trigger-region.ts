import type { TriggerRegion } from "../../evidence/index.ts";
import {
  type AlertingRule,
  alertsOf,
  childrenOf,
  type Expr,
  METRIC_NAME,
  type RuleGroup,
  selectorsOf,
} from "../../signals/index.ts";

const LATENCY = "http_request_duration_seconds_bucket";
const CPU = "process_cpu_seconds_total";
const QUANTILE = 0.95;
const MS_PER_SECOND = 1_000;

/** A comparison with a number. */
interface Bound {
  readonly metric: string;
  readonly operator: string;
  readonly limit: number;
}

/**
 * The regions of the alerts that compare the P95 with a number, or both it and the CPU, and nothing else.
 * They are read from the alerts' own expressions, so that a chart shows what the rule file says.
 */
export function triggerRegions(groups: readonly RuleGroup[]): readonly TriggerRegion[] {
  return alertsOf(groups).flatMap((alert) => {
    const region = regionOf(alert);
    return region === null ? [] : [region];
  });
}

function regionOf({ name, expr }: AlertingRule): TriggerRegion | null {
  const bounds = boundsOf(expr);
  const latency = bounds?.find(({ metric, operator }) => metric === LATENCY && operator === ">");
  const cpu = bounds?.find(({ metric, operator }) => metric === CPU && operator === "<");
  const used = (latency === undefined ? 0 : 1) + (cpu === undefined ? 0 : 1);
  if (bounds === null || latency === undefined || bounds.length !== used) return null;
  return { trigger: name, latencyAboveMs: latency.limit * MS_PER_SECOND, cpuBelow: cpu?.limit ?? null };
}

/** The comparisons that must all hold; null when the expression contains more than comparisons. */
function boundsOf(expr: Expr): readonly Bound[] | null {
  if (expr.kind === "paren") return boundsOf(expr.expr);
  if (expr.kind !== "binary") return null;
  const { operator, left, right } = expr;
  if (operator === "and") {
    const sides = [boundsOf(left), boundsOf(right)];
    return sides.includes(null) ? null : sides.flatMap((side) => side ?? []);
  }
  const [metric, ...others] = new Set(selectorsOf(left).map(metricOf));
  if (right.kind !== "number" || metric === undefined || others.length > 0) return null;
  if (metric === LATENCY && !takesQuantile(left)) return null;
  return [{ metric, operator, limit: right.value }];
}

/** Whether the comparison is one of a P95. */
function takesQuantile(expr: Expr): boolean {
  if (expr.kind === "call" && expr.name === "histogram_quantile") {
    const [quantile] = expr.args;
    return quantile?.kind === "number" && quantile.value === QUANTILE;
  }
  return expr.kind === "paren" && childrenOf(expr).every(takesQuantile);
}

function metricOf({ matchers }: ReturnType<typeof selectorsOf>[number]): string | undefined {
  return matchers.find(({ name, operator }) => name === METRIC_NAME && operator === "=")?.value;
}
