import { type Mistake, unknownName } from "../../core/index.ts";
import { isMetricOf, KNOWN_METRICS, METRIC_NAME, parsePromql, selectorsOf } from "../../signals/index.ts";
import type { RunFacts } from "./run-facts.ts";
import type { ScenarioReading } from "./scenario-reading.ts";

/**
 * Finds metrics that neither the field, the harness nor a recording rule has: most often they are misspelled. A
 * platform may have metrics of its own, so they are a warning; a query of a metric without data is inconclusive.
 */
export function unknownMetrics(reading: ScenarioReading, { rules }: RunFacts): readonly Mistake[] {
  const recorded = rules.flatMap((group) =>
    group.rules.flatMap((rule) => (rule.kind === "record" ? [rule.name] : [])),
  );
  const known = [...KNOWN_METRICS, ...recorded];
  return [...reading.happens, ...reading.holds].flatMap(({ path, value }) =>
    [...new Set(metricsIn(value.expression))]
      .filter((metric) => !isMetricOf(known, metric))
      .map((metric) => unknownName([...path, "expression"], "metrics that are known", metric, known)),
  );
}

function metricsIn(expression: string): readonly string[] {
  return selectorsOf(parsePromql(expression)).flatMap(({ matchers }) =>
    matchers.flatMap(({ name, operator, value }) =>
      name === METRIC_NAME && operator === "=" ? [value] : [],
    ),
  );
}
