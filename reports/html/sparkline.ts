import type { SampleColumn, ScenarioRecord } from "../../evidence/index.ts";
import { formatValue } from "./format.ts";
import { html, type Markup } from "./markup.ts";
import { peakOf } from "./series-figures.ts";
import { spanMsOf } from "./time-axis.ts";

const WIDTH = 150;
const HEIGHT = 34;
const TOP = 3;
/** The least range of the height, in the column's unit, so that the noise of a quiet run looks quiet. */
const LEAST_PEAK = 100;

/** The highest P95 of all scenarios: their lines are drawn to one scale, so that a reader can compare them. */
export function commonPeak(scenarios: readonly ScenarioRecord[]): number {
  const peaks = scenarios.map(
    ({ samples }) => peakOf(headlineColumn(samples.columns)?.values ?? [])?.value ?? 0,
  );
  return Math.max(LEAST_PEAK, ...peaks);
}

/**
 * The scenario's P95 as a line without axes, with its fault windows shaded: the shape of what happened. `top` is the
 * value that the full height stands for.
 */
export function sparkline(scenario: ScenarioRecord, top: number): Markup {
  const column = headlineColumn(scenario.samples.columns);
  const peak = peakOf(column?.values ?? [])?.value;
  if (column === undefined || peak === undefined) {
    return html`<span class="quiet">no latency measured</span>`;
  }
  const spanMs = spanMsOf(scenario);
  const x = (atMs: number): string => ((atMs / spanMs) * WIDTH).toFixed(1);
  const bands = scenario.faults.map(({ injectedAtMs, healedAtMs }) => {
    const width = (((healedAtMs ?? spanMs) - injectedAtMs) / spanMs) * WIDTH;
    return html`<rect x="${x(injectedAtMs)}" y="0" width="${Math.max(1, width).toFixed(1)}" height="${HEIGHT}"/>`;
  });
  const y = (value: number): string => (HEIGHT - 1 - (value / top) * (HEIGHT - 1 - TOP)).toFixed(1);
  const path = pathOf(thin(scenario.samples.atMs, column.values), x, y);
  const peakText = formatValue(peak, column.unit);
  return html`
          <svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"
            aria-label="${column.label} peaks at ${peakText}">${bands}<path d="${path}"/></svg>
          <span class="spark-peak">${peakText}</span>`;
}

function headlineColumn(columns: readonly SampleColumn[]): SampleColumn | undefined {
  const latencies = columns.filter(({ group }) => group === "latency");
  return latencies.find(({ id }) => id.endsWith("p95")) ?? latencies[0];
}

interface Point {
  readonly atMs: number;
  readonly value: number | null;
}

/** At most one point per unit of width, the highest of those that share it, so that no peak is lost. */
function thin(atMs: readonly number[], values: readonly (number | null)[]): Point[] {
  const size = Math.ceil(atMs.length / WIDTH);
  const points: Point[] = [];
  for (let start = 0; start < atMs.length; start += size) {
    const value = peakOf(values.slice(start, start + size))?.value ?? null;
    points.push({ atMs: atMs[start] ?? 0, value });
  }
  return points;
}

function pathOf(points: readonly Point[], x: (atMs: number) => string, y: (value: number) => string): string {
  let path = "";
  let isPenDown = false;
  for (const { atMs, value } of points) {
    if (value !== null) path += `${isPenDown ? "L" : "M"}${x(atMs)} ${y(value)}`;
    isPenDown = value !== null;
  }
  return path;
}
