import { median } from "../median.ts";
import type { Figure } from "./measure.ts";

/** One figure with the values of every round, by engine. */
interface Row extends Omit<Figure, "value"> {
  readonly byEngine: Map<string, number[]>;
}

/** Collects the figures of every round. */
export class Table {
  readonly #rows = new Map<string, Row>();

  add(engine: string, figures: readonly Figure[]): void {
    for (const { name, unit, better, value } of figures) {
      const row = this.#rows.get(name) ?? { name, unit, better, byEngine: new Map<string, number[]>() };
      this.#rows.set(name, row);
      row.byEngine.set(engine, [...(row.byEngine.get(engine) ?? []), value]);
    }
  }

  /**
   * Formats one line per figure: `min / median / max` by engine, and the ratio of the median of `ours` to
   * that of `theirs`: above 1 ours is better, whether more or less is better.
   */
  lines(engines: readonly string[], compared: { readonly ours: string; readonly theirs: string }): string[] {
    const head = ["".padEnd(40), ...engines.map((name) => name.padStart(24)), "ahead".padStart(8)].join(" ");
    return [head, ...[...this.#rows.values()].map((row) => line(row, engines, compared))];
  }
}

function line(row: Row, engines: readonly string[], compared: { ours: string; theirs: string }): string {
  const cells = engines.map((engine) => cell(row.byEngine.get(engine)).padStart(24));
  const ratio =
    median(row.byEngine.get(compared.ours) ?? []) / median(row.byEngine.get(compared.theirs) ?? []);
  const ahead = row.better === "more" ? ratio : 1 / ratio;
  const ratioText = Number.isFinite(ahead) ? `${ahead.toFixed(2)}x` : "";
  return [`${row.name} (${row.unit})`.padEnd(40), ...cells, ratioText.padStart(8)].join(" ");
}

function cell(values: readonly number[] | undefined): string {
  if (values === undefined) return "–";
  return [Math.min(...values), median(values), Math.max(...values)].map(short).join(" / ");
}

function short(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
