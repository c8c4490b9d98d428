import type { SampleColumn } from "../../evidence/index.ts";

type Unit = SampleColumn["unit"];

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Three significant figures: `0.42`, `3.7`, `41`, `1,204`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 10 || Number.isInteger(value)) return WHOLE.format(value);
  return size >= 1 ? value.toFixed(1) : value.toFixed(2);
}

/** A measured value with its unit; `–` when it was not measured. */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return "–";
  return unit === "1/s" ? `${formatNumber(value)}/s` : `${formatNumber(value)} ${unit}`;
}

/** A time within a scenario: `12.3 s`. */
export function formatMoment(atMs: number): string {
  return `${(atMs / 1_000).toFixed(1)} s`;
}

/** Bytes in a readable unit: `512 B`, `12.4 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1_024 ** power).toFixed(1))} ${units[power]}`;
}

/** `2025-08-01 02:00:00 UTC` for an ISO time; any other text unchanged. */
export function formatTimestamp(iso: string): string {
  const timeMs = Date.parse(iso);
  return Number.isNaN(timeMs) ? iso : `${new Date(timeMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A commit's first twelve digits, with its suffix: `-dirty` must not be lost. */
export function formatCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
}

/** A share of a whole for a style attribute, as a percentage from 0 to 100. */
export function percentOf(part: number, whole: number): string {
  return `${Math.min(100, Math.max(0, (part / whole) * 100)).toFixed(3)}%`;
}
