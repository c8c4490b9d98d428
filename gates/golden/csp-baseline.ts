import { readMetricsPage } from "../../signals/index.ts";
import type { FiledOfRelease } from "../engine/target.ts";

const MINUTE_SECONDS = 60;

/**
 * How many CSP violations per minute there were before the release: by the metrics page that the preflight filed, over
 * the life of the process that served it. Null where no page is filed, or where it does not say.
 */
export async function cspBaseline(evidence: FiledOfRelease, release: string): Promise<number | null> {
  const filed = await evidence(`baseline_${release}.prom`);
  return filed === null ? null : cspPerMinute(filed.text, filed.atMs);
}

/** The same, of a page as it was served at a time. */
export function cspPerMinute(page: string, atMs: number): number | null {
  const samples = readMetricsPage(page, null);
  const violations = samples.filter(({ name }) => name === "csp_violations_total");
  const started = samples.find(({ name }) => name === "process_start_time_seconds")?.value;
  if (violations.length === 0 || started === undefined) return null;
  const lifeSeconds = atMs / 1_000 - started;
  const count = violations.reduce((sum, { value }) => sum + value, 0);
  return lifeSeconds > 0 && Number.isFinite(count) ? (count / lifeSeconds) * MINUTE_SECONDS : null;
}
