import { type CanaryCurveRecord, type CanaryRecord, canaryValue } from "../../evidence/index.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

const WIDTH = 520;
const HEIGHT = 150;
const LEFT = 62;
const TOP = 14;
const BOTTOM = 20;
/** So much of the height stays free above the highest value. */
const HEADROOM = 1.12;

/** What a chart shows besides its lines. */
interface ChartOf {
  readonly record: CanaryRecord;
  readonly curve: CanaryCurveRecord;
  readonly unit: string;
  /** The absolute limit; null where there is none. */
  readonly limit: number | null;
}

/** Both arms of a signal over each other, at each look, with the limit and where stages began. */
export function canaryChart({ record, curve, unit, limit }: ChartOf): Markup {
  const { atMs } = record;
  const [firstMs = 0] = atMs;
  const lastMs = Math.max(firstMs + 1, atMs.at(-1) ?? 0);
  const values = [...curve.stable, ...curve.candidate].filter((value) => value !== null);
  const highest = Math.max(0, ...values);
  // A limit far above all values would flatten them: it is then only named.
  const isLimitShown = limit !== null && limit <= 4 * highest;
  const top = Math.max(highest, isLimitShown ? limit : 0, Number.MIN_VALUE) * HEADROOM;
  const x = (ms: number) => (LEFT + ((ms - firstMs) / (lastMs - firstMs)) * (WIDTH - LEFT - 4)).toFixed(1);
  const y = (value: number) => (HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const stages = record.stages.map(({ name, startedAt }) => ({ name, startMs: Date.parse(startedAt) }));
  return html`
    <svg class="arms" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Stable and candidate over time">
      ${stages.map(({ name, startMs }) => stageMark(name, x(Math.max(firstMs, startMs))))}
      <line class="axis" x1="${LEFT}" x2="${WIDTH - 4}" y1="${y(0)}" y2="${y(0)}"/>
      ${isLimitShown ? html`<line class="limit" x1="${LEFT}" x2="${WIDTH - 4}" y1="${y(limit)}" y2="${y(limit)}"/>` : NOTHING}
      <text class="tick" x="${LEFT - 6}" y="${y(0)}" text-anchor="end">0</text>
      ${highest === 0 ? NOTHING : html`<text class="tick" x="${LEFT - 6}" y="${y(highest)}" text-anchor="end" dy="4">${canaryValue(unit, highest)}</text>`}
      ${arm("stable", pathsOf(atMs, curve.stable, x, y))}
      ${arm("candidate", pathsOf(atMs, curve.candidate, x, y))}
      ${values.length === 0 ? html`<text class="tick" x="${WIDTH / 2}" y="${HEIGHT / 2}" text-anchor="middle">nothing was measured</text>` : NOTHING}
    </svg>`;
}

function stageMark(name: string, at: string): Markup {
  return html`<line class="stage" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>
      <text class="tick" x="${at}" y="${HEIGHT - 5}">${name} %</text>`;
}

/** An arm's path of lines and its path of dots. */
interface ArmPaths {
  readonly lines: string;
  readonly dots: string;
}

/** Dots have a path of their own, since those of a dashed line are not drawn. */
function arm(name: "stable" | "candidate", { lines, dots }: ArmPaths): Markup {
  return html`<path class="${name}" d="${lines}"/><path class="${name} dots" d="${dots}"/>`;
}

/**
 * Lines through what was measured, interrupted where a look has no value, and a dot where it has none before and
 * after: the candidate's share may be so small that most looks have no request of it.
 */
function pathsOf(
  atMs: readonly number[],
  values: readonly (number | null)[],
  x: (ms: number) => string,
  y: (value: number) => string,
): ArmPaths {
  const hasValue = (index: number) => (values[index] ?? null) !== null;
  let [lines, dots] = ["", ""];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const point = `${x(atMs[index] ?? 0)} ${y(value)}`;
    // A point of length zero is drawn as a dot by its round cap.
    if (!hasValue(index - 1) && !hasValue(index + 1)) dots += `M${point}h0`;
    else lines += hasValue(index - 1) ? `L${point}` : `M${point}`;
  }
  return { lines, dots };
}
