import http from "k6/http";
import type { Options } from "k6/options";
import { EXPECTED_STATUSES, readAndCount, TREND_STATS, thresholdsOf, writeSummary } from "./measures.ts";
import { readRequestPlan } from "./plan.ts";

/** Sends the same request at every planned start, without retries. */
const plan = readRequestPlan();
const { method, path, headers, body } = plan.workload;
http.setResponseCallback(http.expectedStatuses(...EXPECTED_STATUSES));

export const options: Options = {
  scenarios: { requests: { ...plan.arrivals, exec: "request", gracefulStop: `${plan.timeoutMs}ms` } },
  thresholds: thresholdsOf(plan, ["request"]),
  summaryTrendStats: TREND_STATS,
};

/** One iteration. */
export function request(): void {
  const tags = { measured: "yes", kind: "request", name: path };
  const params = { headers, tags, timeout: plan.timeoutMs };
  readAndCount(http.request(method, plan.baseUrl + path, body === "" ? null : body, params));
}

/** Called by k6 at the end. */
export function handleSummary(data: object): Record<string, string> {
  return writeSummary(data);
}
