import { type HttpClient, type HttpRequest, MappedApi } from "../../api/index.ts";
import { UnavailableError, type Verdict } from "../../core/index.ts";
import { requireMapped } from "../adapters/require-mapped.ts";
import { measureThroughput, type Throughput } from "../adapters/run-autocannon.ts";
import { createHttpClient } from "../http/http-client.ts";
import { completeLoadPlan, type LoadPlan, type LoadPlanInput } from "../load-plan.ts";
import type { LoadObjective } from "../load-report.ts";
import type { LoadResult } from "../load-result.ts";
import { startLoad } from "../start-load.ts";
import { type RateBounds, type RateVerdict, searchRate } from "./rate-search.ts";

/** What is saturated, and how it is judged. */
export interface SaturateOptions {
  readonly target: Pick<LoadPlanInput, "baseUrl" | "allowedHosts" | "seed" | "workload">;
  readonly objective: LoadObjective;
  /** How long each rate is applied. */
  readonly stepMs: number;
  /** For autocannon. */
  readonly connections: number;
  readonly signal: AbortSignal;
  readonly onThroughput?: (throughput: Throughput) => void;
  readonly onStep?: (step: RateStep) => void;
}

/** The result at one rate. */
export interface RateStep {
  readonly rateRps: number;
  readonly verdict: RateVerdict;
  readonly latencyMsP50: number | null;
  readonly latencyMsP95: number | null;
  readonly errorRatio: number | null;
  readonly lagMsP99: number | null;
}

/** The rate at which a server breaks its objective. */
export interface Saturation extends RateBounds {
  /** `inconclusive` when the generator reached its limit before the server did. */
  readonly verdict: Exclude<Verdict, "fail">;
  readonly throughput: Throughput;
  readonly steps: readonly RateStep[];
}

const MAX_RPS = 50_000;
const PRECISION = 0.1;
const MAX_STEPS = 14;
/** A step needs enough operations for its P95, so slow rates take longer. */
const MIN_OPERATIONS = 60;
/** The timeout in multiples of the objective: a later answer has broken it anyway. */
const TIMEOUT_OBJECTIVES = 5;
const MIN_TIMEOUT_MS = 1_000;
/** How long the server may take to answer at all, and to recover after a rate that broke the objective. */
const FIRST_ANSWER_MS = 2_000;
const RECOVERY_MS = 30_000;

/**
 * Finds the rate at which P95 breaks the objective, within 10 %. autocannon first finds the highest
 * throughput; from there the open-loop generator halves, doubles and bisects, because only an open loop
 * measures true latencies. Each rate starts after the server has recovered from the last one.
 *
 * @throws UnavailableError `no-answer` when the server answers nothing within 2 s, or does not recover within
 *   30 s; the signal's reason when it is aborted.
 */
export async function saturate(options: SaturateOptions): Promise<Saturation> {
  const { target, objective, connections, stepMs } = options;
  const timeoutMs = Math.max(MIN_TIMEOUT_MS, objective.latencyMsP95 * TIMEOUT_OBJECTIVES);
  const idle = { kind: "constant", rateRps: 0, durationMs: stepMs } as const;
  const plan = completeLoadPlan({ ...target, timeoutMs, arrivals: idle });
  await recovery(plan, options, FIRST_ANSWER_MS);
  const throughput = await measureThroughput(plan, { connections, durationMs: stepMs });
  if (throughput.answered === 0) throw noAnswer(plan.baseUrl, "none to autocannon");
  options.onThroughput?.(throughput);
  const steps: RateStep[] = [];
  const bounds = await searchRate(
    { firstRps: throughput.rateRps, maxRps: MAX_RPS, precision: PRECISION, maxSteps: MAX_STEPS },
    async (rateRps) => {
      await recovery(plan, options, RECOVERY_MS);
      const step = await holdRate(rateRps, plan, options);
      steps.push(step);
      options.onStep?.(step);
      return step.verdict;
    },
  );
  const verdict = bounds.limit?.verdict === "broken" ? "pass" : "inconclusive";
  return { verdict, ...bounds, throughput, steps };
}

async function holdRate(rateRps: number, plan: LoadPlan, options: SaturateOptions): Promise<RateStep> {
  const { objective, signal } = options;
  const durationMs = Math.max(options.stepMs, (MIN_OPERATIONS * 1_000) / rateRps);
  await using load = await startLoad({
    ...plan,
    arrivals: { kind: "constant", rateRps, durationMs },
    maxInFlight: inFlightWhenBroken(rateRps, objective),
  });
  const interrupted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([load.arrivalsEnded().then(() => load.settle()), interrupted]);
  signal.throwIfAborted();
  const result = await load.stop();
  const { latencyMs, errorRatio } = result.totals;
  return {
    rateRps,
    verdict: verdictOf(result, objective),
    latencyMsP50: latencyMs.p50,
    latencyMsP95: latencyMs.p95,
    errorRatio,
    lagMsP99: result.generator.lagMs.p99,
  };
}

/**
 * By Little's law this many operations are in flight when answers take twice the objective on average. An
 * operation is therefore dropped only after the server has broken the objective.
 */
function inFlightWhenBroken(rateRps: number, { latencyMsP95 }: LoadObjective): number {
  return Math.min(20_000, 64 + Math.ceil((rateRps * 2 * latencyMsP95) / 1_000));
}

/**
 * A late generator can only make latencies longer. A rate that met the objective therefore really did; a rate
 * that broke it counts as broken only if it also breaks it without the generator's lag.
 */
function verdictOf({ totals, generator }: LoadResult, objective: LoadObjective): RateVerdict {
  const lagMs = generator.lagMs.p99 ?? Number.POSITIVE_INFINITY;
  const p95 = totals.latencyMs.p95 ?? Number.POSITIVE_INFINITY;
  const errors = (totals.errorRatio ?? 1) >= objective.errorRatio;
  if (!errors && generator.dropped === 0 && p95 < objective.latencyMsP95) return "held";
  if (errors || p95 - lagMs >= objective.latencyMsP95) return "broken";
  return lagMs <= generator.maxLagMsP99 ? "broken" : "unsound";
}

/** Waits until a single request is answered well within the objective. */
async function recovery(
  plan: LoadPlan,
  { objective, signal }: SaturateOptions,
  withinMs: number,
): Promise<void> {
  const client = createHttpClient(plan.baseUrl, plan.timeoutMs, plan.allowedHosts);
  const request = await quickRequest(plan, client);
  const untilMs = performance.now() + withinMs;
  let last = "";
  try {
    while (performance.now() < untilMs) {
      signal.throwIfAborted();
      const startedAtMs = performance.now();
      const result = await new Promise<Parameters<Parameters<typeof client.send>[1]>[0]>((resolve) => {
        client.send(request, resolve);
      });
      const tookMs = performance.now() - startedAtMs;
      if (result.kind === "answered" && tookMs < objective.latencyMsP95 / 2) return;
      last = result.kind === "answered" ? `an answer after ${tookMs.toFixed(0)} ms` : result.error;
      await new Promise((resolve) => setTimeout(resolve, RECOVERY_PAUSE_MS));
    }
  } finally {
    client.close();
  }
  throw noAnswer(plan.baseUrl, last);
}

const RECOVERY_PAUSE_MS = 100;

/** A request that costs the server little and changes nothing. */
async function quickRequest({ workload, api }: LoadPlan, client: HttpClient): Promise<HttpRequest> {
  const plain = (path: string) => ({ method: "GET", path, headers: {}, body: "" });
  if (workload.kind === "request") return plain(workload.method === "GET" ? workload.path : "/");
  const mapped = api === null ? null : new MappedApi(requireMapped(api), client);
  if (mapped === null || !mapped.questions.has("quote")) return plain("/");
  const venue = Object.keys(workload.venues)[0] ?? "";
  return mapped.requestFor({ kind: "quote", venue, symbol: workload.symbol });
}

function noAnswer(baseUrl: string, last: string): UnavailableError {
  return new UnavailableError({
    code: "no-answer",
    message: `Expected ${baseUrl} to answer a single request well within the objective, got ${last}.`,
    nextStep: "Check that it runs and what it logs, or set a longer --objective-ms.",
  });
}
