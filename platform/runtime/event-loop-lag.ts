import type { Metrics } from "../metrics.ts";

const PERIOD_MS = 20;

/** Measures every 20 ms how late a timer fires, and returns the function that stops it. */
export function sampleEventLoopLag(metrics: Metrics): () => void {
  let plannedAtMs = performance.now() + PERIOD_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    metrics.eventLoopLag.observe(Math.max(0, nowMs - plannedAtMs) / 1_000);
    plannedAtMs = nowMs + PERIOD_MS;
  }, PERIOD_MS);
  timer.unref();
  return () => clearInterval(timer);
}
