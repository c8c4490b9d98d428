import type { CanaryLook } from "../../gates/canary/judge/growth.ts";
import { seriesOf } from "./arm-series.ts";

/** The golden limits, as a success condition of each measurement. */
const MOST_SECONDS = 0.2;
const MOST_ERRORS = 0.01;
const FAILURE_LIMIT = 0;

/**
 * Argo Rollouts' analysis of one stage, from its published rules (analysis.go at 9f8d111): each measurement is
 * compared with the limits, and more failed ones than `failureLimit`, which is 0 by default, fail the run. The stable
 * is not asked.
 *
 * @returns whether it fails the candidate.
 */
export function argoFails(looks: readonly CanaryLook[]): boolean {
  const { latency, errors } = seriesOf(looks).candidate;
  const failed = (values: readonly number[], most: number) => values.filter((value) => value > most).length;
  return failed(latency, MOST_SECONDS) > FAILURE_LIMIT || failed(errors, MOST_ERRORS) > FAILURE_LIMIT;
}
