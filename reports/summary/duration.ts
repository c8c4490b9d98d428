import type { FiledRecord } from "../../evidence/index.ts";

/** The duration of a run, in ms; 0 when its clock was set back meanwhile. */
export function tookMs({ startedAt, endedAt }: Pick<FiledRecord, "startedAt" | "endedAt">): number {
  return Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
}

/** A duration in seconds, with one decimal: `12.3 s`. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
