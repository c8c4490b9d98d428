import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseRules } from "./alerting/load-rules.ts";
import { alertsOf } from "./alerting/rule.ts";
import { FIELD_METRIC_TABLE, isMetricOf } from "./field-metrics.ts";
import { METRIC_NAME } from "./labels.ts";
import { selectorsOf } from "./promql/ast.ts";
import { ALL_RULE_FILES } from "./rule-files.ts";

const HEAD = `# The metrics of the field

What a trading platform tells about itself, by the names that kanit's triggers, scenarios and dashboard read. A platform that
has the same by other names maps them with recording rules, and one that has no such thing says so under \`lacks\`:
[Your own platform](own-platform.md#its-metrics). What needs a metric that is missing is listed in reports as not applicable. This
page is written from \`signals/field-metrics.ts\` and the rules by \`node project/generate-docs.ts\`.

Besides these, triggers read what clients of Prometheus collect of a process (\`process_cpu_seconds_total\`,
\`process_resident_memory_bytes\`) and of Node (\`nodejs_gc_duration_seconds\`). pgBouncer, Postgres and the health of the platform
kanit measures itself.
`;

/** The page of all metrics, `docs/metrics.md`. */
export function documentMetrics(): string {
  const head = "| metric | kind | labels | what it says | triggers that read it |\n|---|---|---|---|---|";
  const rows = FIELD_METRIC_TABLE.map(({ name, kind, labels, meaning }) => {
    const readers = triggersReading(name).join(", ");
    return `| \`${name}\` | ${kind} | ${labels || "–"} | ${meaning} | ${readers || "–"} |`;
  });
  return `${HEAD}\n${head}\n${rows.join("\n")}\n`;
}

const GROUPS = ALL_RULE_FILES.flatMap((path) => parseRules(readFileSync(path, "utf8"), basename(path)));

/** The alerts that read a metric, without those that tell of missing series. */
function triggersReading(metric: string): readonly string[] {
  return alertsOf(GROUPS)
    .filter(({ name, expr }) => {
      const names = selectorsOf(expr).flatMap(({ matchers }) =>
        matchers.flatMap((matcher) => (matcher.name === METRIC_NAME ? [matcher.value] : [])),
      );
      const reads = names.some((read) => !/^(process|nodejs)_/.test(read) && isMetricOf([metric], read));
      return reads && !name.endsWith("Absent");
    })
    .map(({ name }) => name);
}
