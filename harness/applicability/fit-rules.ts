import type { NotApplicable } from "../../evidence/index.ts";
import { parsePromql, type RuleGroup } from "../../signals/index.ts";
import { lackedBy, type Means } from "./lacks.ts";

/** The rules that apply to a platform, and the alerts that do not. */
interface FittedRules {
  readonly groups: readonly RuleGroup[];
  readonly notApplicable: readonly NotApplicable[];
}

/**
 * Removes from rule groups the alerts whose metrics or venues a platform lacks. Such an alert can have no
 * data; scenarios that expect it to fire decide whether that matters.
 */
export function fitRules(groups: readonly RuleGroup[], means: Means): FittedRules {
  const notApplicable: NotApplicable[] = [];
  const fitted = groups.map((group) => ({
    ...group,
    rules: group.rules
      .filter((rule) => {
        const lacked = rule.kind === "alert" ? lackedBy(means, rule.expr, groups) : [];
        if (lacked.length > 0) notApplicable.push({ what: rule.name, needs: lacked.join(", ") });
        return lacked.length === 0;
      })
      .map((rule) => withMetricsRoute(rule, means)),
  }));
  return { groups: fitted, notApplicable };
}

/** How rules and conditions leave out the requests for the metrics themselves. */
const METRICS_ROUTE = 'route!="/metrics"';

/** The PromQL for a platform that serves its metrics at this path. */
export function leavingOutMetrics(text: string, { metricsPath }: Pick<Means, "metricsPath">): string {
  return text.replaceAll(METRICS_ROUTE, () => `route!=${JSON.stringify(metricsPath)}`);
}

function withMetricsRoute<Each extends RuleGroup["rules"][number]>(rule: Each, means: Means): Each {
  const text = leavingOutMetrics(rule.text, means);
  return text === rule.text ? rule : { ...rule, text, expr: parsePromql(text) };
}
