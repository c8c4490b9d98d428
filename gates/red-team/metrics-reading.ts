import { MAX_PAGE_BYTES, requestHttp } from "../../network/index.ts";
import { readMetricsPage } from "../../signals/index.ts";
import type { ProbeContext } from "../engine/check.ts";

/** One reading of a metric, summed over its series. */
interface MetricReading {
  readonly atMs: number;
  readonly value: number;
}

/**
 * Reads a metric several times.
 *
 * @throws when the page cannot be read, or does not have the metric.
 */
export async function readMetric(
  page: URL,
  name: string,
  { rounds, betweenMs }: { readonly rounds: number; readonly betweenMs: number },
  { clock, signal, target }: Pick<ProbeContext, "clock" | "signal" | "target">,
): Promise<readonly MetricReading[]> {
  const readings: MetricReading[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await clock.sleep(betweenMs, signal);
    const { allowedHosts } = target;
    const answer = await requestHttp(page, { signal, allowedHosts, maxBodyBytes: MAX_PAGE_BYTES });
    if (!answer.ok) throw new Error(`Expected metrics at ${page.pathname}, got status ${answer.status}.`);
    const samples = readMetricsPage(answer.text, answer.headers["content-type"] ?? null);
    const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
    if (values.length === 0) throw new Error(`Expected the metric ${name} at ${page.pathname}, got none.`);
    readings.push({ atMs: clock.nowMs(), value: values.reduce((sum, value) => sum + value, 0) });
  }
  return readings;
}
