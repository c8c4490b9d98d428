import { requestHttp } from "../../network/index.ts";
import {
  alertsOf,
  FIELD_METRICS,
  isMetricOf,
  parsePromql,
  type RuleGroup,
  selectorsOf,
} from "../../signals/index.ts";
import { lackedBy } from "../applicability/lacks.ts";
import { platformSource } from "../observation/lab-sources.ts";
import type { CheckedPlatform } from "./checked-platform.ts";
import { broken, notApplicable, type PlatformFinding, works } from "./platform-finding.ts";

const DEADLINE_MS = 5_000;
const HISTOGRAM_SUFFIX = /_(bucket|sum|count)$/;

/** Collects the platform's metrics once, and looks for each of the field's. */
export async function checkMetrics(
  { lab, platform, clock, signal }: CheckedPlatform,
  rules: readonly RuleGroup[],
): Promise<readonly PlatformFinding[]> {
  const { metrics } = platform;
  const source = platformSource(lab.addresses, platform, clock);
  const page = await requestHttp(lab.addresses.metrics, { deadlineMs: DEADLINE_MS, signal }).catch(
    () => null,
  );
  const samples = await source.collect(signal).catch((error: unknown) => error);
  await source.close?.();
  if (!Array.isArray(samples)) {
    const why = samples instanceof Error ? samples.message : String(samples);
    return [
      broken(
        ["metrics"],
        `GET ${metrics.path}: ${why}`,
        "correct the path of metrics, in Prometheus's text format",
      ),
    ];
  }
  const names = new Set<string>();
  for (const { labels } of samples) {
    const name = labels.toRecord().__name__ ?? "";
    names.add(name).add(name.replace(HISTOGRAM_SUFFIX, ""));
  }
  // A metric whose first event is still to come is announced without a series.
  for (const [, name = ""] of (page?.text ?? "").matchAll(/^# TYPE (\S+) /gm)) names.add(name);
  const recorded = new Map(
    metrics.mapping.flatMap(({ rules: each }) =>
      each.map((rule) => [rule.name.replace(HISTOGRAM_SUFFIX, ""), rule] as const),
    ),
  );
  return [
    works(["metrics"], `${metrics.path} has ${samples.length} series, with the mapped ones`),
    ...source.mappingFailures().map((why) => broken(["metrics", "rules"], why, "correct this rule")),
    ...FIELD_METRICS.map((name) => {
      const triggers = triggersOf(name, platform.venues, rules);
      const used = triggers.length === 0 ? "" : `; read by ${triggers.join(", ")}`;
      if (isMetricOf(metrics.lacks, name))
        return notApplicable(["metrics", "lacks"], `${name}: not exported${used}`);
      const rule = recorded.get(name);
      const missing =
        rule === undefined
          ? []
          : readsOf(rule.expr).filter(
              (read) => !names.has(read) && !names.has(read.replace(HISTOGRAM_SUFFIX, "")),
            );
      if (names.has(name)) return works(["metrics"], name);
      if (rule !== undefined && missing.length === 0)
        return works(["metrics", "rules"], `${name}: mapped, nothing counted yet`);
      if (rule !== undefined)
        return broken(
          ["metrics", "rules"],
          `${name}: its rule reads ${missing.join(", ")}, which the platform does not export`,
          "correct the rule",
        );
      return broken(
        ["metrics"],
        `${name}: not there${used}`,
        "export it, record it by a rule, or list it under metrics.lacks",
      );
    }),
  ];
}

function readsOf(expr: Parameters<typeof selectorsOf>[0]): readonly string[] {
  return selectorsOf(expr).flatMap(({ matchers }) =>
    matchers
      .filter(({ name, operator }) => name === "__name__" && operator === "=")
      .map(({ value }) => value),
  );
}

/** The triggers that do not apply without a metric. */
function triggersOf(
  metric: string,
  venues: CheckedPlatform["platform"]["venues"],
  rules: readonly RuleGroup[],
): readonly string[] {
  const means = {
    venues,
    lacksMetrics: [metric],
    hasSteppableClock: true,
    hasMounts: true,
    metricsPath: "/metrics",
  };
  return alertsOf(rules)
    .filter(({ expr }) =>
      lackedBy(means, typeof expr === "string" ? parsePromql(expr) : expr, rules).some(
        (needed) => needed.replace(HISTOGRAM_SUFFIX, "") === metric,
      ),
    )
    .map(({ name }) => name);
}
