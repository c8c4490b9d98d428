import type { CanaryLook } from "../../gates/canary/judge/growth.ts";
import { type ArmSeries, missingPart, seriesOf } from "./arm-series.ts";

/** Kayenta's confidence, tolerance and least effect, as its Mann-Whitney classifier has them by default. */
const CONFIDENCE_Z = 2.3263;
const TOLERANCE = 0.25;
const ALLOWED_INCREASE = 1;
/** From so many metrics without data on it fails a canary. */
const MOST_MISSING = 0.5;

/**
 * Kayenta's judge on one stage, from its published rules (kayenta-judge at a69573b): for each metric a Mann-Whitney
 * test at 98 % whose interval must leave out the tolerance around the Hodges-Lehmann estimate, and then a ratio of
 * means above the allowed increase. Both metrics are critical here, so that one failure fails the stage.
 *
 * @returns whether it fails the candidate.
 */
export function kayentaFails(looks: readonly CanaryLook[]): boolean {
  if (missingPart(looks) >= MOST_MISSING) return true;
  const { stable, candidate } = seriesOf(looks);
  return (Object.keys(candidate) as (keyof ArmSeries)[]).some((metric) =>
    isHigh(candidate[metric], stable[metric]),
  );
}

/** Whether the classifier says High. Metrics without data are Nodata, which fails nothing by itself. */
function isHigh(experiment: readonly number[], control: readonly number[]): boolean {
  if (experiment.length === 0 || control.length === 0) return false;
  const differences = experiment.flatMap((x) => control.map((y) => x - y)).sort((a, b) => a - b);
  const estimate = differences[Math.floor(differences.length / 2)] ?? 0;
  const [n, m] = [experiment.length, control.length];
  const half = CONFIDENCE_Z * Math.sqrt((n * m * (n + m + 1)) / 12);
  const low = differences[Math.max(0, Math.floor((n * m) / 2 - half))] ?? Number.NEGATIVE_INFINITY;
  if (low <= TOLERANCE * Math.abs(estimate)) return false;
  const ratio = mean(experiment) / mean(control);
  // A mean of zero makes no ratio, and the effect size is then left out.
  return Number.isFinite(ratio) ? ratio >= ALLOWED_INCREASE : true;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
