import type { HttpResult } from "../../api/index.ts";
import { timerAlarm } from "../alarm.ts";
import { runArrivalLoop } from "../arrival-loop.ts";
import { plannedStartsMs } from "../arrivals.ts";
import { createHttpClient } from "../http/http-client.ts";
import { ProbeQueue } from "./probe-queue.ts";

/** Interval, duration and timeout of the probe; all in milliseconds. */
export interface HttpProbeOptions {
  readonly intervalMs: number;
  readonly durationMs: number;
  /** From the actual start of a request to its complete answer. */
  readonly timeoutMs: number;
  /** Hosts besides this machine that may be probed. */
  readonly allowedHosts: readonly string[];
  /** Ends the probe early; requests in flight are then left out. */
  readonly signal?: AbortSignal;
}

/** One probe. Times are milliseconds since the probe's start; the latency counts from the planned time. */
export type HttpSample =
  | {
      readonly kind: "answered";
      readonly plannedAtMs: number;
      readonly latencyMs: number;
      readonly status: number;
    }
  | {
      readonly kind: "unanswered";
      readonly plannedAtMs: number;
      readonly latencyMs: number;
      /** `timeout`, or the network's error code: `ECONNREFUSED`, `ECONNRESET`. */
      readonly error: string;
    };

/**
 * Requests a URL at fixed times, whether or not earlier requests have ended, and yields each answer when it
 * arrives. Ends at the latest `timeoutMs` after `durationMs`, or as soon as the signal aborts.
 */
export async function* probeHttp(url: string, options: HttpProbeOptions): AsyncGenerator<HttpSample, void> {
  const { intervalMs, durationMs, timeoutMs, allowedHosts, signal } = options;
  const target = new URL(url);
  const request = { method: "GET", path: `${target.pathname}${target.search}`, headers: {}, body: "" };
  const client = createHttpClient(target.origin, timeoutMs, allowedHosts);
  const samples = new ProbeQueue<HttpSample>();
  const startedAtMs = performance.now();
  const nowMs = () => performance.now() - startedAtMs;
  let inFlight = 0;
  let allPlanned = false;

  const ask = (plannedAtMs: number): void => {
    inFlight += 1;
    client.send(request, (result) => {
      inFlight -= 1;
      samples.push(sampleOf(result, plannedAtMs, nowMs() - plannedAtMs));
      if (allPlanned && inFlight === 0) samples.end();
    });
  };
  const plan = { kind: "constant", rateRps: 1_000 / intervalMs, durationMs, spacing: "even" } as const;
  const loop = runArrivalLoop({
    plannedStartsMs: plannedStartsMs(plan, 0),
    nowMs,
    alarm: timerAlarm(),
    start: ask,
    ended: () => {
      allPlanned = true;
      if (inFlight === 0) samples.end();
    },
  });
  const abort = (): void => {
    loop.stop();
    samples.end();
  };
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    yield* samples;
  } finally {
    signal?.removeEventListener("abort", abort);
    loop.stop();
    client.close();
  }
}

function sampleOf(result: HttpResult, plannedAtMs: number, latencyMs: number): HttpSample {
  return result.kind === "answered"
    ? { kind: "answered", plannedAtMs, latencyMs, status: result.status }
    : { kind: "unanswered", plannedAtMs, latencyMs, error: result.error };
}
