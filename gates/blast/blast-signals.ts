import { KanitError } from "../../core/index.ts";
import type { BlastCheck } from "./blast-check.ts";

/** One query of a blast, and the number that it returned; null for none. */
export interface BlastAnswer {
  readonly question: string;
  readonly value: number | null;
}

/** What a blast learned about the platform from its metrics. */
export interface BlastMetrics {
  /** The source: the platform's own metrics, or the address of a Prometheus. */
  readonly source: string;
  /** Of one core; null when it is unknown. */
  readonly cpuFraction: number | null;
  readonly answers: readonly BlastAnswer[];
  /** The checks that the source itself adds. */
  readonly checks: readonly BlastCheck[];
  /** Errors of queries and doubts about their results, one line each. */
  readonly remarks: readonly string[];
}

/** What the blast itself did: the platform's own numbers must agree with it. */
export interface ProbedLoad {
  readonly startedAtMs: number;
  readonly lengthMs: number;
  /** How many requests the platform answered. */
  readonly answered: number;
}

/**
 * The source of measurements that a blast cannot make from outside. It may measure from the blast's start,
 * and is queried once, at the end.
 */
export interface BlastSignals extends AsyncDisposable {
  ask(load: ProbedLoad): Promise<BlastMetrics>;
}

/** For a platform without metrics, when the user asked for a decision without them. */
export function noSignals(): BlastSignals {
  return {
    ask: () =>
      Promise.resolve({
        source: "nothing, because of --no-metrics",
        cpuFraction: null,
        answers: [],
        checks: [],
        remarks: [],
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A process that counted a smaller share of the requests that were answered is another one. */
const LEAST_COUNTED_SHARE = 0.5;
const SHOWN_PROBLEMS = 8;

/** Returns why the number of requests that a process counted cannot be that of the probed process; null otherwise. */
export function requestsProblem(metric: string, counted: number, { answered }: ProbedLoad): string | null {
  if (counted >= answered * LEAST_COUNTED_SHARE) return null;
  const count = Math.round(counted);
  return `${metric} counted ${count} of the ${answered} requests that were answered: these are another process's`;
}

/** Returns one passed check when there is no problem, else one inconclusive check for each problem. */
export function checksOf(
  name: string,
  expected: string,
  received: string,
  problems: readonly string[],
): readonly BlastCheck[] {
  if (problems.length === 0) return [{ name, verdict: "pass", expected, received }];
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  const more = problems.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].map((problem) => ({
    ...{ name, expected },
    verdict: "inconclusive",
    received: problem,
  }));
}

/** The length of a query window that contains at least two samples. */
export function windowSeconds(lengthMs: number, leastSeconds: number): number {
  return Math.max(leastSeconds, Math.ceil(lengthMs / 1_000) + 1);
}

/** An interrupted blast is reported as interrupted; any other error of a query is a line of its evidence. */
export function lineOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "Interrupted before the answer.";
  if (error instanceof KanitError) return error.message;
  throw error;
}
