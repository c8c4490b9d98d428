import type { ExpositionFormat } from "./exposition-format.ts";

/** The types that a `# TYPE` line may have, by format. Any other fails a scrape. */
const TYPES: Readonly<Record<ExpositionFormat, ReadonlySet<string>>> = {
  prometheus: new Set(["counter", "gauge", "histogram", "summary", "untyped"]),
  openmetrics: new Set([
    "counter",
    "gauge",
    "gaugehistogram",
    "histogram",
    "info",
    "stateset",
    "summary",
    "unknown",
  ]),
};

/** Whether Prometheus knows this type of metric in this format. */
export function isMetricType(text: string, format: ExpositionFormat): boolean {
  return TYPES[format].has(text);
}
