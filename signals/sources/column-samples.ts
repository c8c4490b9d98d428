import { Labels, METRIC_NAME } from "../labels.ts";
import type { Sample } from "../sample-store.ts";
import type { TextRow } from "./console-connection.ts";

/** One sample of a named metric. */
export function sampleOf(metric: string, labels: Readonly<Record<string, string>>, value: number): Sample {
  return { labels: Labels.of({ ...labels, [METRIC_NAME]: metric }), value };
}

/** The samples of a row, by the metric of each column. Columns that the row does not have are skipped. */
export function columnSamples(
  row: TextRow,
  metrics: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): Sample[] {
  return Object.entries(metrics).flatMap(([column, metric]) => {
    const text = row[column];
    return text === undefined || text === null ? [] : [sampleOf(metric, labels, Number(text))];
  });
}
