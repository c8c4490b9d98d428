import { formatOpenMetricsFloat, parseGoFloat } from "../go-float.ts";
import type { Labels } from "../labels.ts";

/** The label that contains a number, by the type of its metric. */
const FLOAT_LABELS: Readonly<Record<string, string>> = { histogram: "le", summary: "quantile" };

/** The names of labels that Prometheus stores in one spelling. */
export const FLOAT_LABEL_NAMES: ReadonlySet<string> = new Set(Object.values(FLOAT_LABELS));

/**
 * The labels as Prometheus 3 stores them: the bound of a histogram's bucket and the quantile of a summary are
 * written as in OpenMetrics, so that `le="1"` becomes `le="1.0"`.
 *
 * @param type the type of the last `# TYPE` line.
 */
export function withStoredFloats(labels: Labels, type: string): Labels {
  const name = FLOAT_LABELS[type];
  if (name === undefined) return labels;
  const written = labels.get(name);
  const stored = storedFloat(written);
  return stored === written ? labels : labels.with(name, stored);
}

/** How Prometheus stores the value of `le` or `quantile`; a value that is not a number stays unchanged. */
export function storedFloat(text: string): string {
  const value = parseGoFloat(text);
  return value === undefined ? text : formatOpenMetricsFloat(value);
}
