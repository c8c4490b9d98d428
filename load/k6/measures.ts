import type { RefinedResponse, ResponseType } from "k6/http";
import { Counter, Rate } from "k6/metrics";
import type { Options } from "k6/options";
import { outcomeOfAnswer, REFUSAL_STATUSES, TOO_LATE_STATUS } from "../workloads/outcome-of-status.ts";
import type { K6Plan } from "./plan.ts";

/** The metrics of a summary; `read-k6-summary.ts` uses the same names. */
const outcomes = {
  succeeded: new Counter("kanit_succeeded"),
  rejected: new Counter("kanit_rejected"),
  failed: new Counter("kanit_failed"),
  unknown: new Counter("kanit_unknown"),
};
const errors = new Rate("kanit_error_ratio");

/** k6's own count of failed requests must not include the refusals that the contract defines. */
export const EXPECTED_STATUSES = [{ min: 200, max: 299 }, TOO_LATE_STATUS, ...REFUSAL_STATUSES] as const;

/** k6's error codes when no connection was made: name resolution from 1100, TCP from 1210 except a reset. */
const UNSENT = { from: 1100, to: 1219 };

export type K6Response = RefinedResponse<ResponseType | undefined>;

/** The outcome of an answer, by the generator's rules. */
export interface K6Reading {
  readonly outcome: keyof typeof outcomes;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly error: string | null;
  readonly orderId: string | null;
}

/** Reads an answer and counts its outcome. */
export function readAndCount(response: K6Response): K6Reading {
  const reading = read(response);
  outcomes[reading.outcome].add(1);
  errors.add(reading.outcome === "failed" || reading.outcome === "unknown");
  return reading;
}

function read(response: K6Response): K6Reading {
  if (response.status === 0) {
    const unsent = response.error_code >= UNSENT.from && response.error_code <= UNSENT.to;
    return { outcome: unsent ? "failed" : "unknown", status: null, error: response.error, orderId: null };
  }
  const { id, error } = fieldsOf(response);
  return { outcome: outcomeOfAnswer(response.status, error), status: response.status, error, orderId: id };
}

function fieldsOf(response: K6Response): { readonly id: string | null; readonly error: string | null } {
  if (typeof response.body !== "string" || !response.body.startsWith("{")) return { id: null, error: null };
  const text = (name: string): string | null => {
    const value = response.json(name);
    return typeof value === "string" || typeof value === "number" ? String(value) : null;
  };
  return { id: text("id"), error: text("error") };
}

/** The thresholds of every script: nothing dropped, the objective's P95, few errors. */
export function thresholdsOf(
  { objective }: K6Plan,
  kinds: readonly string[],
): NonNullable<Options["thresholds"]> {
  return {
    dropped_iterations: ["count==0"],
    "http_req_duration{measured:yes}": [`p(95)<${objective.latencyMsP95}`],
    kanit_error_ratio: [`rate<${objective.errorRatio}`],
    // A threshold that always holds, since k6 summarizes only those tags that have a threshold.
    ...Object.fromEntries(kinds.map((kind) => [`http_req_duration{kind:${kind}}`, ["max>=0"]])),
  };
}

/** The percentiles of the generator's own result. */
export const TREND_STATS = ["count", "p(50)", "p(90)", "p(95)", "p(99)", "p(99.9)", "max"];

/** Writes k6's whole summary where `kanit load k6` reads it, or to standard output. */
export function writeSummary(data: object): Record<string, string> {
  return { [__ENV.KANIT_K6_SUMMARY ?? "stdout"]: `${JSON.stringify(data)}\n` };
}
