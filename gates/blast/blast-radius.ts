import { cpus } from "node:os";
import { type Clock, mergeVerdicts, type Verdict } from "../../core/index.ts";
import {
  type HttpSample,
  LatencyHistogram,
  probeHttp,
  probeWebSocket,
  type WebSocketEvent,
} from "../../load/index.ts";
import type { MachineLoad } from "../../machine/index.ts";
import { isLoopbackHost, pathOn } from "../../network/index.ts";
import type { AlertingRule } from "../../signals/index.ts";
import { type BlastCheck, type BlastMeasurement, judgeBlast } from "./blast-check.ts";
import { discountContended } from "./blast-contention.ts";
import { type BlastMetrics, type BlastSignals, noSignals } from "./blast-signals.ts";
import { prometheusSignals } from "./prometheus-signals.ts";
import { scrapedSignals } from "./scraped-signals.ts";

/** How often a blast probes, and how long it waits for each answer. */
export interface BlastPace {
  readonly healthIntervalMs: number;
  readonly pingIntervalMs: number;
  readonly scrapeIntervalMs: number;
  readonly timeoutMs: number;
}

/**
 * The usual settings for a release: enough probes for a verdict in half a minute, and few enough for any
 * canary.
 */
export const USUAL_PACE: BlastPace = {
  healthIntervalMs: 100,
  pingIntervalMs: 500,
  scrapeIntervalMs: 1_000,
  timeoutMs: 5_000,
};

/** The source of the platform's own metrics. */
export type BlastMetricsSource =
  /** The platform's own metrics page. */
  | { readonly kind: "page"; readonly path: string; readonly requestsMetric: string }
  /** A Prometheus that scrapes the platform, the matchers that select it there, and the rules that must be loaded. */
  | {
      readonly kind: "prometheus";
      readonly url: string;
      /** Where the platform serves its metrics: requests for them are not counted. */
      readonly path: string;
      readonly match: string;
      readonly requestsMetric: string;
      readonly rules: readonly AlertingRule[];
    }
  /** The platform has no metrics. Slow answers are then inconclusive, since it is unknown whether the CPU was idle. */
  | { readonly kind: "none" };

/** How busy this machine has been since the watch began. */
export interface WatchedMachine extends Disposable {
  load(): MachineLoad;
}

/** For a probe whose result no busy machine may excuse, such as that of a mutant. */
export function unwatchedMachine(): WatchedMachine {
  return { load: () => ({ kind: "unknown" }), [Symbol.dispose]: () => undefined };
}

/** What to probe, for how long, and how. */
export interface BlastOptions {
  readonly url: URL;
  /** Hosts besides this machine that may be probed and queried. */
  readonly allowedHosts: readonly string[];
  readonly healthPath: string;
  readonly webSocketPath: string;
  readonly metrics: BlastMetricsSource;
  readonly durationMs: number;
  readonly pace: BlastPace;
  /** Begins to watch how busy the machine is that probes. */
  readonly watchMachine: () => WatchedMachine;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with each answer as it comes, for a live view. */
  readonly onSample: (sample: HttpSample) => void;
}

/** The measurements of a blast, and the decision about the release. */
export interface BlastResult {
  readonly verdict: Verdict;
  readonly checks: readonly BlastCheck[];
  readonly measured: BlastMeasurement;
  readonly metrics: BlastMetrics;
  /** Where the platform serves its metrics. */
  readonly metricsPath: string;
  readonly samples: readonly HttpSample[];
  readonly webSocketEvents: readonly WebSocketEvent[];
  readonly startedAtMs: number;
}

/**
 * Probes a platform for a while, before the first share of traffic reaches it: its health at fixed times, a
 * WebSocket with pings, and its CPU where it publishes it. An interrupted probe is inconclusive.
 *
 * @throws UsageError `bad-path` for a path that leads to another host; RefusedError `host-not-allowed`.
 */
export async function probeBlastRadius(options: BlastOptions): Promise<BlastResult> {
  const { url, allowedHosts, clock, durationMs, pace, signal } = options;
  const startedAtMs = clock.nowMs();
  using machine = options.watchMachine();
  await using signals = startSignals(options);
  const probe = { durationMs, timeoutMs: pace.timeoutMs, allowedHosts, signal };
  const [samples, webSocketEvents] = await Promise.all([
    collect(
      probeHttp(pathOn(url, options.healthPath).href, { ...probe, intervalMs: pace.healthIntervalMs }),
      options.onSample,
    ),
    collect(
      probeWebSocket(webSocketUrl(url, options.webSocketPath), { ...probe, intervalMs: pace.pingIntervalMs }),
      () => undefined,
    ),
  ]);
  const metrics = await signals.ask({
    startedAtMs,
    lengthMs: clock.nowMs() - startedAtMs,
    answered: samples.filter(({ kind }) => kind === "answered").length,
  });
  const measured = measurementOf(samples, webSocketEvents, metrics.cpuFraction);
  const interrupted = signal.aborted ? [INTERRUPTED] : [];
  const judged = discountContended(judgeBlast(measured), asIfInTime(measured, samples, webSocketEvents), {
    load: machine.load(),
    platformShare: isLoopbackHost(url.hostname) ? (metrics.cpuFraction ?? 0) / cpus().length : 0,
  });
  const checks = [...judged, ...metrics.checks, ...interrupted];
  const verdict = mergeVerdicts(checks.map((check) => check.verdict));
  const metricsPath = options.metrics.kind === "none" ? "/metrics" : options.metrics.path;
  return { verdict, checks, measured, metrics, metricsPath, samples, webSocketEvents, startedAtMs };
}

function startSignals(options: BlastOptions): BlastSignals {
  const { url, allowedHosts, metrics, pace, clock, signal } = options;
  const { timeoutMs, scrapeIntervalMs: intervalMs } = pace;
  switch (metrics.kind) {
    case "page": {
      const { requestsMetric } = metrics;
      const page = pathOn(url, metrics.path);
      return scrapedSignals({ url: page, requestsMetric, allowedHosts, intervalMs, timeoutMs, clock });
    }
    case "prometheus":
      return prometheusSignals({ ...metrics, allowedHosts, timeoutMs, clock, signal });
    case "none":
      return noSignals();
  }
}

const INTERRUPTED: BlastCheck = {
  name: "duration",
  verdict: "inconclusive",
  expected: "the whole time",
  received: "interrupted",
};

function webSocketUrl(base: URL, path: string): string {
  const url = pathOn(base, path);
  url.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

async function collect<T>(source: AsyncIterable<T>, listener: (item: T) => void): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of source) {
    items.push(item);
    listener(item);
  }
  return items;
}

function measurementOf(
  samples: readonly HttpSample[],
  events: readonly WebSocketEvent[],
  cpuFraction: number | null,
): BlastMeasurement {
  const latencies = new LatencyHistogram();
  for (const sample of samples) latencies.record(sample.latencyMs);
  const roundTrips = new LatencyHistogram();
  let lost = 0;
  for (const event of events) {
    if (event.kind === "round-trip") roundTrips.record(event.roundTripMs);
    if (event.kind === "ping-lost" || event.kind === "connect-failed") lost += 1;
  }
  const api = latencies.summary();
  return {
    requests: samples.length,
    successes: samples.filter(isSuccess).length,
    latencyMsP50: api.p50,
    latencyMsP95: api.p95,
    pings: roundTrips.count + lost,
    pongs: roundTrips.count,
    pingMsP95: roundTrips.summary().p95,
    cpuFraction,
  };
}

/**
 * The measurement with each late answer in time. Late is an answer that was not awaited any longer, where others came;
 * one that was refused or of another status is not late, and neither is a pong over a connection that was lost.
 */
function asIfInTime(
  measured: BlastMeasurement,
  samples: readonly HttpSample[],
  events: readonly WebSocketEvent[],
): BlastMeasurement {
  const late = samples.filter((sample) => sample.kind === "unanswered" && sample.error === "timeout").length;
  const wasLost = events.some(({ kind }) => kind === "disconnected" || kind === "connect-failed");
  return {
    ...measured,
    successes: measured.successes === 0 ? 0 : measured.successes + late,
    pongs: measured.pongs === 0 || wasLost ? measured.pongs : measured.pings,
    ...{ latencyMsP50: 0, latencyMsP95: 0, pingMsP95: 0 },
  };
}

/** Whether an answer counts as a success: any 2xx. */
export function isSuccess(sample: HttpSample): boolean {
  return sample.kind === "answered" && sample.status >= 200 && sample.status < 300;
}
