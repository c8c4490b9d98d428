import { METRIC_NAME } from "../labels.ts";
import { formatOf } from "./exposition-format.ts";
import { ExpositionParser } from "./parse-exposition.ts";

/**
 * Reads a metrics page by itself, without a store: the name and the value of each series.
 *
 * @throws UsageError `bad-exposition` for another document, such as an error page in HTML.
 */
export function readMetricsPage(
  text: string,
  contentType: string | null,
): readonly { readonly name: string; readonly value: number }[] {
  const samples = new ExpositionParser().parse(text, formatOf(contentType));
  return samples.map(({ labels, value }) => ({ name: labels.get(METRIC_NAME) ?? "", value }));
}
