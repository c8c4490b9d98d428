import { meanOf, quantileOf, sizeOf } from "../statistics/histogram.ts";
import type { CanarySignal } from "./canary-signal.ts";
import type { Growth } from "./growth.ts";

/** Returns the value of a signal, in its unit; null where nothing happened of which it could be made. */
export function signalValue({ source }: Pick<CanarySignal, "source">, growth: Growth | null): number | null {
  const value = growth === null ? Number.NaN : rawValue(source, growth);
  return Number.isFinite(value) ? value : null;
}

function rawValue(source: CanarySignal["source"], growth: Growth): number {
  switch (growth.kind) {
    case "share":
      return growth.bad / growth.total;
    case "durations":
      return source.kind === "durations" && source.statistic === "mean"
        ? meanOf(growth.histogram)
        : quantileOf(growth.histogram, 0.95);
    case "events":
      return growth.events / growth.minutes;
    case "gauge":
      return growth.value;
  }
}

/** Returns how many samples a growth has; of a gauge it is one. */
export function samplesOf(growth: Growth | null): number {
  switch (growth?.kind) {
    case undefined:
      return 0;
    case "share":
      return growth.total;
    case "durations":
      return sizeOf(growth.histogram);
    case "events":
      return growth.requests;
    case "gauge":
      return 1;
  }
}

/** What the samples of a signal are called. */
export function sampleNameOf({ id, source }: Pick<CanarySignal, "id" | "source">): string {
  switch (source.kind) {
    case "gauge":
      return "looks";
    case "durations":
      return id === "gc_pause" ? "pauses" : id === "event_loop_lag" ? "timers" : "requests";
    default:
      return id === "idempotency_conflicts" ? "requests with a key" : "requests";
  }
}
