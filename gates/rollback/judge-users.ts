import { formatDuration, type QuantityName } from "../../core/index.ts";
import type { GoldenSignal } from "../../signals/index.ts";
import type { UsersReading } from "./rollback-step.ts";

/** What a golden signal is now. A ratio of nothing to nothing (0/0) is `idle`: nobody did what it counts. */
export type SignalValue =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "idle" }
  | { readonly kind: "no-data"; readonly why: string };

/** A request of ours on the way that users take. */
export interface UserProbe {
  /** Null without an answer. */
  readonly status: number | null;
  readonly latencyMs: number;
}

/** The requests that the candidate still gets, of users alone. */
export type CandidateTraffic =
  | { readonly kind: "counted"; readonly requests: number }
  /** Nothing listens there any more. */
  | { readonly kind: "gone" }
  | { readonly kind: "unknown"; readonly why: string };

/** What is known of users at one time. */
export interface UsersFacts {
  readonly probes: readonly UserProbe[];
  readonly signals: readonly { readonly signal: GoldenSignal; readonly value: SignalValue }[];
  readonly candidate: CandidateTraffic;
}

const SERVER_ERROR = 500;
const LATENCY = "api_latency_p95";
const ERRORS = "http_errors";
/** Without a value from before the release, the limit of the rollback trigger holds: 50 a minute. */
const CSP_A_MINUTE = 50;
/** Our own probes are requests, so these two always have something to count. */
const NEVER_IDLE: ReadonlySet<string> = new Set([LATENCY, ERRORS]);

/**
 * Judges how users are: well when probes on their way are answered in time, each golden signal of the stable version is
 * within its limit, and the candidate gets no more requests. Pure.
 */
export function judgeUsers({ probes, signals, candidate }: UsersFacts): UsersReading {
  const ill = [
    ...probeFailures(probes, latencyLimitMs(signals)),
    ...signals.flatMap(({ signal, value }) => beyond(signal, value)),
    ...(candidate.kind === "counted" && candidate.requests > 0
      ? [`the candidate still gets requests: ${candidate.requests.toFixed(0)} in the last seconds`]
      : []),
  ];
  const unknown = [
    ...(probes.length === 0 ? ["no probe was sent"] : []),
    ...(signals.length === 0 ? ["no golden signal was read"] : []),
    ...signals.flatMap(({ signal, value }) => missing(signal, value)),
    ...(candidate.kind === "unknown"
      ? [`whether the candidate gets requests is not known: ${candidate.why}`]
      : []),
  ];
  if (ill.length > 0) return { standing: "ill", lines: ill };
  if (unknown.length > 0) return { standing: "unknown", lines: unknown };
  const shown = signals.map(({ signal, value }) => `${signal.title} ${describe(signal, value)}`);
  return { standing: "well", lines: [`${probes.length} of ${probes.length} probes well`, ...shown] };
}

function latencyLimitMs(signals: UsersFacts["signals"]): number {
  const found = signals.find(({ signal }) => signal.id === LATENCY)?.signal.limit;
  return found === undefined || !("value" in found) ? Number.POSITIVE_INFINITY : found.value * 1_000;
}

function probeFailures(probes: readonly UserProbe[], limitMs: number): readonly string[] {
  const failed = probes.filter(({ status }) => status === null || status >= SERVER_ERROR);
  const first = failed[0]?.status;
  const slow = probes.filter(({ latencyMs }) => latencyMs > limitMs);
  // P95 of a few probes is the slowest but one in twenty.
  const mostSlow = Math.floor(probes.length / 20);
  return [
    ...(failed.length > 0
      ? [
          `${failed.length} of ${probes.length} probes failed: ${first == null ? "no answer" : `status ${first}`}`,
        ]
      : []),
    ...(slow.length > mostSlow
      ? [`${slow.length} of ${probes.length} probes took longer than ${formatDuration(limitMs)}`]
      : []),
  ];
}

function beyond(signal: GoldenSignal, value: SignalValue): readonly string[] {
  if (value.kind !== "number") return [];
  const { limit } = signal;
  const most = limit.kind === "at-most-times-baseline" ? CSP_A_MINUTE : limit.value;
  const isWithin = limit.kind === "below" ? value.value < most : value.value <= most;
  if (isWithin) return [];
  const words = limit.kind === "below" ? "below" : "at most";
  return [
    `${signal.title} is ${describe(signal, value)}, expected ${words} ${amount(signal.quantity, most)}`,
  ];
}

function missing(signal: GoldenSignal, value: SignalValue): readonly string[] {
  if (value.kind === "no-data") return [`${signal.title}: ${value.why}`];
  return value.kind === "idle" && NEVER_IDLE.has(signal.id)
    ? [`${signal.title}: no request was counted`]
    : [];
}

function describe({ quantity }: GoldenSignal, value: SignalValue): string {
  switch (value.kind) {
    case "number":
      return amount(quantity, value.value);
    case "idle":
      return "idle";
    case "no-data":
      return "no data";
  }
}

function amount(quantity: QuantityName, value: number): string {
  if (quantity === "seconds") return `${(value * 1_000).toFixed(0)} ms`;
  return quantity === "ratio" ? `${(value * 100).toFixed(2)} %` : `${value.toFixed(2)} a minute`;
}
