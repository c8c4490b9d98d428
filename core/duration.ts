import { UsageError } from "./kanit-error.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Each unit at most once, longer ones first. */
const DURATION = new RegExp(
  `^${Object.keys(UNIT_MS)
    .reverse()
    .map((unit) => `(?:\\d+${unit})?`)
    .join("")}$`,
);
const PART = /(\d+)(ms|[smhdwy])/g;
/** Prometheus stores durations as nanoseconds in 64 bits, about 292 years. */
const LONGEST_MS = 2 ** 63 / 1e6;

/**
 * Parses a duration in Prometheus's notation (`250ms`, `5m`, `1h30m`; `0` alone is allowed) into
 * milliseconds.
 *
 * @throws UsageError `bad-duration` for anything else.
 */
export function parseDurationMs(text: string): number {
  if (text === "0") return 0;
  let totalMs = text === "" || !DURATION.test(text) ? Number.NaN : 0;
  for (const [, count, unit] of text.matchAll(PART)) totalMs += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  if (totalMs < LONGEST_MS) return totalMs;
  throw new UsageError({
    code: "bad-duration",
    message: `Expected a duration such as 250ms, 30s or 1h30m, got ${JSON.stringify(text.slice(0, 100))}.`,
    nextStep: "Write whole numbers with the units y, w, d, h, m, s, ms in this order, up to 292 years.",
  });
}

/** Formats milliseconds for display: `850 ms`, `1.5 s`, `2 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${Number((durationMs / 1_000).toFixed(1))} s`;
  const totalSeconds = Math.round(durationMs / 1_000);
  const seconds = totalSeconds % 60;
  return `${Math.floor(totalSeconds / 60)} min${seconds === 0 ? "" : ` ${seconds} s`}`;
}
