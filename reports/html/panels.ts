import type { SampleColumn } from "../../evidence/index.ts";

/** A horizontal line at the threshold of a trigger. */
interface Threshold {
  readonly value: number;
  readonly label: string;
}

/** One chart: columns of at most two units, the first on the left scale, the second on the right. */
export interface Panel {
  readonly title: string;
  readonly heightPx: number;
  readonly leftUnit: SampleColumn["unit"];
  readonly rightUnit: SampleColumn["unit"] | null;
  readonly thresholds: readonly Threshold[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly column: SampleColumn;
  /** The column's index in the sample table. */
  readonly columnIndex: number;
  readonly scale: "left" | "right";
  /** The CSS custom property for its color. */
  readonly color: string;
  readonly widthPx: number;
}

interface PanelPlan {
  readonly title: string;
  readonly groups: readonly SampleColumn["group"][];
  readonly heightPx: number;
  readonly thresholds: readonly Threshold[];
}

const PLANS: readonly PanelPlan[] = [
  {
    title: "Latency",
    groups: ["latency"],
    heightPx: 190,
    // The rollback triggers on P95: 250 ms together with an idle CPU (back-pressure), 400 ms by itself.
    thresholds: [
      { value: 250, label: "250 ms back-pressure" },
      { value: 400, label: "400 ms rollback" },
    ],
  },
  { title: "Rate and errors", groups: ["rate", "errors"], heightPx: 130, thresholds: [] },
  { title: "CPU and event loop", groups: ["cpu", "event-loop"], heightPx: 130, thresholds: [] },
  { title: "Staleness of feeds", groups: ["staleness"], heightPx: 120, thresholds: [] },
  { title: "Connection pool", groups: ["pool"], heightPx: 120, thresholds: [] },
];

/**
 * Percentiles of one measure are ordered, so they get shades of one hue; all other columns get different
 * hues.
 */
const ORDERED_COLORS = ["--step-1", "--step-2", "--step-3"];
/** With few requests the higher percentiles coincide; a thinner line on top keeps the one below visible. */
const ORDERED_WIDTHS_PX = [1.75, 2.75, 1.25];
const WIDTH_PX = 1.75;
const COLORS = ["--hue-1", "--hue-2", "--hue-3", "--hue-4", "--hue-5", "--hue-6"];

/** The charts of a sample table, top down. A group without columns gets none; a third unit gets its own. */
export function panelsOf(columns: readonly SampleColumn[]): Panel[] {
  const indexed = columns.map((column, columnIndex) => ({ column, columnIndex }));
  return PLANS.flatMap((plan) => {
    const members = plan.groups.flatMap((group) => indexed.filter(({ column }) => column.group === group));
    const units = [...new Set(members.map(({ column }) => column.unit))];
    const panels: Panel[] = [];
    for (let index = 0; index < units.length; index += 2) {
      const [leftUnit, rightUnit = null] = units.slice(index, index + 2);
      if (leftUnit === undefined) continue;
      const drawn = members.filter(({ column }) => column.unit === leftUnit || column.unit === rightUnit);
      panels.push(panelOf(plan, leftUnit, rightUnit, drawn));
    }
    return panels;
  });
}

function panelOf(
  { title, heightPx, thresholds, groups }: PanelPlan,
  leftUnit: Panel["leftUnit"],
  rightUnit: Panel["rightUnit"],
  members: readonly Pick<Series, "column" | "columnIndex">[],
): Panel {
  const isOrdered = groups.includes("latency") && members.length <= ORDERED_COLORS.length;
  const palette = isOrdered ? ORDERED_COLORS : COLORS;
  const series = members.map(({ column, columnIndex }, index): Series => {
    const scale = column.unit === leftUnit ? "left" : "right";
    const color = palette[index % palette.length] ?? "--hue-1";
    const widthPx = (isOrdered ? ORDERED_WIDTHS_PX[index] : undefined) ?? WIDTH_PX;
    return { column, columnIndex, scale, color, widthPx };
  });
  return { title, heightPx, leftUnit, rightUnit, thresholds, series };
}
