import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { shareOf } from "../summary/backpressure-summary.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

const WIDTH = 1_056;
const HEIGHT = 460;
const LEFT = 64;
const RIGHT = 24;
const TOP = 16;
const BOTTOM = 46;
const LABEL_GAP = 12;
const POINT_RADIUS = 6;
const CPU_TICKS = 5;
/** Room for the highest point's label. */
const HEADROOM = 1.4;

/** A step with all three values; a step without one of them is not drawn. */
interface Point {
  readonly step: StepRecord;
  readonly cpuShare: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Latency has a logarithmic scale, since it ranges from some milliseconds to some seconds. */
interface Scale {
  readonly x: (cpuShare: number) => number;
  readonly y: (latencyMs: number) => number;
  readonly cpuMax: number;
  readonly latencyMinMs: number;
  readonly latencyMaxMs: number;
}

/**
 * Plots latency against CPU use, one point per rate: P95 with P50 and P99, connected in order of the rate.
 * The region in which triggers fire is shaded. A curve that rises at low CPU use shows backpressure; one that
 * rises at high CPU use shows saturation.
 */
export function backpressureChart(search: BackpressureRecord): Markup {
  const points = search.steps.flatMap((step) => pointOf(step, search.cores));
  if (points.length === 0) return html`<p class="empty">No rate has both a latency and a CPU value.</p>`;
  const scale = scaleOf(points, search);
  const line = points.map(({ cpuShare, p95 }) => `${px(scale.x(cpuShare))},${px(scale.y(p95))}`).join(" ");
  const last = points.at(-1);
  const label = `P95 over CPU from ${points[0]?.step.rateRps} to ${last?.step.rateRps} operations per second`;
  return html`
<div class="scroll"><svg class="plane" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
  ${search.regions.map((region, index) => regionOf(region, index, search.cores, scale))}
  ${grid(scale)}
  ${objectiveLine(search.objective.latencyMsP95, scale)}
  <polyline class="path" points="${line}"/>
  ${points.map((point, index) => mark(point, isCrowded(point, points[index + 1], scale), scale))}
</svg></div>`;
}

function pointOf(step: StepRecord, cores: number): readonly Point[] {
  const { p50, p95, p99 } = step.latencyMs;
  const cpuShare = shareOf(step.resources.cpuCores, cores);
  if (cpuShare === null || p50 === null || p95 === null || p99 === null) return [];
  return [{ step, cpuShare, p50, p95, p99 }];
}

function scaleOf(points: readonly Point[], { objective, regions }: BackpressureRecord): Scale {
  const bounds = [objective.latencyMsP95, ...regions.map(({ latencyAboveMs }) => latencyAboveMs)];
  const latencyMaxMs = Math.max(...points.map(({ p99 }) => p99), ...bounds) * HEADROOM;
  const latencyMinMs = Math.max(0.1, Math.min(...points.map(({ p50 }) => p50), ...bounds) / HEADROOM);
  const cpuMax = Math.max(1, ...points.map(({ cpuShare }) => cpuShare));
  const decades = Math.log(latencyMaxMs / latencyMinMs);
  return {
    cpuMax,
    latencyMinMs,
    latencyMaxMs,
    x: (cpuShare) => LEFT + (cpuShare / cpuMax) * (WIDTH - LEFT - RIGHT),
    y: (latencyMs) =>
      HEIGHT -
      BOTTOM -
      (Math.log(Math.max(latencyMs, latencyMinMs) / latencyMinMs) / decades) * (HEIGHT - TOP - BOTTOM),
  };
}

function regionOf(
  { trigger, latencyAboveMs, cpuBelow }: BackpressureRecord["regions"][number],
  index: number,
  cores: number,
  scale: Scale,
): Markup {
  const right = scale.x(Math.min(scale.cpuMax, shareOf(cpuBelow, cores) ?? scale.cpuMax));
  const bottom = scale.y(latencyAboveMs);
  const where = cpuBelow === null ? "" : `, CPU below ${percent(cpuBelow / cores)}`;
  const name = `${trigger}: P95 above ${latencyAboveMs} ms${where}`;
  // Names are at the right, because most measured points are at the left.
  return html`<g class="region region-${(index % 3) + 1}">
    <rect x="${LEFT}" y="${TOP}" width="${px(right - LEFT)}" height="${px(bottom - TOP)}"/>
    <text x="${px(right - LABEL_GAP)}" y="${px(bottom - 6)}" text-anchor="end">${name}</text>
  </g>`;
}

function grid(scale: Scale): Markup {
  const floor = HEIGHT - BOTTOM;
  const latencies = ticksBetween(scale.latencyMinMs, scale.latencyMaxMs);
  const shares = Array.from({ length: CPU_TICKS + 1 }, (_, index) => (index / CPU_TICKS) * scale.cpuMax);
  return html`<g class="axis">
    ${latencies.map(
      (latencyMs) => html`
    <line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(scale.y(latencyMs))}" y2="${px(scale.y(latencyMs))}"/>
    <text x="${LEFT - 8}" y="${px(scale.y(latencyMs) + 4)}" text-anchor="end">${latencyMs} ms</text>`,
    )}
    ${shares.map(
      (share) => html`
    <text x="${px(scale.x(share))}" y="${floor + 18}" text-anchor="middle">${percent(share)}</text>`,
    )}
    <text class="title" x="${WIDTH - RIGHT}" y="${floor + 38}" text-anchor="end">CPU of the platform</text>
  </g>`;
}

function objectiveLine(latencyMs: number, scale: Scale): Markup {
  const y = px(scale.y(latencyMs));
  return html`<g class="objective">
    <line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>
    <text x="${WIDTH - RIGHT - LABEL_GAP}" y="${px(scale.y(latencyMs) + 14)}" text-anchor="end">objective: P95 below ${latencyMs} ms</text>
  </g>`;
}

/** Whether the next point would overlap the label. */
function isCrowded(point: Point, next: Point | undefined, { x, y }: Scale): boolean {
  if (x(point.cpuShare) > WIDTH * 0.85) return true;
  if (next === undefined) return false;
  const [acrossPx, downPx] = [x(next.cpuShare) - x(point.cpuShare), y(next.p95) - y(point.p95)];
  return acrossPx > 0 && acrossPx < 60 && Math.abs(downPx) < 24;
}

function mark({ step, cpuShare, p50, p95, p99 }: Point, isLabelLeft: boolean, scale: Scale): Markup {
  const [x, y] = [scale.x(cpuShare), scale.y(p95)];
  const sign =
    step.finding.kind === "held"
      ? html`<circle cx="${px(x)}" cy="${px(y)}" r="${POINT_RADIUS}"/>`
      : html`<path d="M${px(x - 6)} ${px(y - 6)}l12 12m0-12l-12 12"/>`;
  const name = `${step.rateRps} op/s ${step.finding.kind}: P50 ${p50.toFixed(1)} ms, P95 ${p95.toFixed(1)} ms, P99 ${p99.toFixed(1)} ms, CPU ${percent(cpuShare)}`;
  return html`
  <g class="point ${step.finding.kind}"><title>${name}</title>
    <line x1="${px(x)}" x2="${px(x)}" y1="${px(scale.y(p50))}" y2="${px(scale.y(p99))}"/>
    ${tick(x, scale.y(p50))}${tick(x, scale.y(p99))}
    ${sign}
    <text x="${px(x + (isLabelLeft ? -LABEL_GAP : LABEL_GAP))}" y="${px(y + 4)}"
      text-anchor="${isLabelLeft ? "end" : "start"}">${step.rateRps}/s</text>
  </g>`;
}

function tick(x: number, y: number): Markup {
  return html`<line x1="${px(x - 4)}" x2="${px(x + 4)}" y1="${px(y)}" y2="${px(y)}"/>`;
}

/** 1, 2, 5, 10, 20, 50, … within the range. */
function ticksBetween(fromMs: number, toMs: number): readonly number[] {
  const ticks: number[] = [];
  for (let decade = 10 ** Math.floor(Math.log10(fromMs)); decade <= toMs; decade *= 10) {
    ticks.push(...[1, 2, 5].map((step) => Number((step * decade).toPrecision(1))));
  }
  return ticks.filter((latencyMs) => latencyMs >= fromMs && latencyMs <= toMs);
}

function px(value: number): string {
  return value.toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** The measured parts of an operation's time as a bar, comparable with the others. */
export function waitBar({ latencyMs, resources }: StepRecord, longestMs: number): Markup {
  const { poolMs, locksMs, databaseMs, venueMs } = resources.waits;
  const parts = [
    { name: "pool", waitMs: poolMs },
    { name: "locks", waitMs: locksMs },
    { name: "database", waitMs: databaseMs },
    { name: "venue", waitMs: venueMs },
  ].flatMap(({ name, waitMs }) => (waitMs === null || waitMs <= 0 ? [] : [{ name, waitMs }]));
  const rest = Math.max(0, (latencyMs.mean ?? 0) - parts.reduce((sum, { waitMs }) => sum + waitMs, 0));
  const all = [...parts, { name: "rest", waitMs: rest }].filter(({ waitMs }) => waitMs > 0);
  if (all.length === 0) return NOTHING;
  const label = all.map(({ name, waitMs }) => `${name} ${waitMs.toFixed(1)} ms`).join(", ");
  return html`<div class="waits" role="img" aria-label="${label}" title="${label}">${all.map(
    ({ name, waitMs }) =>
      html`<span class="wait ${name}" style="width:${((waitMs / longestMs) * 100).toFixed(1)}%"></span>`,
  )}</div>`;
}

/** The time that the longest bar represents. */
export function longestWaitMs(steps: readonly StepRecord[]): number {
  const lengths = steps.map(({ latencyMs, resources }) => {
    const { poolMs, locksMs, databaseMs, venueMs } = resources.waits;
    const waits = [poolMs, locksMs, databaseMs, venueMs].reduce<number>((sum, wait) => sum + (wait ?? 0), 0);
    return Math.max(waits, latencyMs.mean ?? 0);
  });
  return Math.max(1, ...lengths);
}
