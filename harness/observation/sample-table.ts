import type { SampleColumn, SampleTable } from "../../evidence/index.ts";
import { type Operation, summarize } from "../../load/index.ts";
import type { VenueName } from "../../venues/index.ts";
import { queriedColumns } from "./sample-columns.ts";

const STEP_MS = 250;
/** The clients' values are charted over the last second: a single step holds too few operations for a P95. */
const WINDOW_MS = 1_000;

/**
 * The samples of a scenario on one time axis: what clients saw, from the operation history, and what was
 * scraped. `feeds` are those whose ages are charted. `query` evaluates PromQL at a time of the scenario;
 * null when there is no data.
 */
export function sampleTable(
  operations: readonly Operation[],
  endMs: number,
  feeds: readonly VenueName[],
  query: (expression: string, atMs: number) => number | null,
): SampleTable {
  const atMs = Array.from({ length: Math.floor(endMs / STEP_MS) }, (_, index) => (index + 1) * STEP_MS);
  const queried = queriedColumns(feeds).map(({ expression, ...column }) => ({
    ...column,
    values: atMs.map((at) => query(expression, at)),
  }));
  return { atMs, columns: [...clientColumns(operations, atMs), ...queried] };
}

function clientColumns(operations: readonly Operation[], atMs: readonly number[]): readonly SampleColumn[] {
  const planned = operations.toSorted((left, right) => left.plannedAtMs - right.plannedAtMs);
  const windows = slidingWindows(planned, atMs).map((window) => summarize(window));
  const latency = (id: "p50" | "p95" | "p99", label: string): SampleColumn => ({
    id: `latency-ms-${id}`,
    label,
    group: "latency",
    unit: "ms",
    values: windows.map((window) => window.latencyMs[id]),
  });
  return [
    {
      id: "rate-rps",
      label: "Operations",
      group: "rate",
      unit: "1/s",
      values: windows.map((window) => (window.operations * 1_000) / WINDOW_MS),
    },
    {
      id: "error-percent",
      label: "Errors",
      group: "errors",
      unit: "%",
      values: windows.map((window) => (window.errorRatio === null ? null : window.errorRatio * 100)),
    },
    latency("p50", "P50"),
    latency("p95", "P95"),
    latency("p99", "P99"),
  ];
}

function slidingWindows(
  planned: readonly Operation[],
  atMs: readonly number[],
): readonly (readonly Operation[])[] {
  let from = 0;
  let to = 0;
  return atMs.map((endMs) => {
    while (to < planned.length && (planned[to]?.plannedAtMs ?? endMs) < endMs) to++;
    while (from < to && (planned[from]?.plannedAtMs ?? endMs) < endMs - WINDOW_MS) from++;
    return planned.slice(from, to);
  });
}
