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

const WHOLE = /^(?:\d+(?:ms|[smhdwy]))+$/;
const PART = /(\d+)(ms|[smhdwy])/g;

/**
 * Reads a duration as Prometheus writes it (`250ms`, `5m`, `1h30m`; `0` alone is allowed) into milliseconds.
 *
 * @throws UsageError `bad-duration` for anything else.
 */
export function parseDurationMs(text: string): number {
  if (text === "0") return 0;
  if (!WHOLE.test(text)) {
    throw new UsageError({
      code: "bad-duration",
      message: `Expected a duration such as 250ms, 30s or 1h30m, got ${JSON.stringify(text)}.`,
      nextStep: "Write whole numbers, each with one of the units ms, s, m, h, d, w, y.",
    });
  }
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(PART)) totalMs += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  return totalMs;
}

/** Writes milliseconds for a person: `850 ms`, `1.5 s`, `2 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${Number((durationMs / 1_000).toFixed(1))} s`;
  const totalSeconds = Math.round(durationMs / 1_000);
  const seconds = totalSeconds % 60;
  return `${Math.floor(totalSeconds / 60)} min${seconds === 0 ? "" : ` ${seconds} s`}`;
}
