import type { Labels } from "../labels.ts";
import type { SeriesSource } from "../sample-store.ts";
import type { Series } from "../series.ts";
import type { MatrixSelector, Subquery, TimeShift, VectorSelector } from "./ast.ts";
import type { Moment } from "./engine-options.ts";
import type { MatrixValue, Value, VectorSample, VectorValue, Window } from "./value.ts";

/**
 * Reads samples from a source for the selectors of one query. Ranges are open on the left, as in Prometheus
 * 3: a sample that is exactly one lookback (or one range) old is excluded.
 */
export class Selection {
  /** How many series had at least one sample since this was set to zero: zero means "no data". */
  touchedSeries = 0;
  /** How many samples they had, counted each time a sample was read. */
  touchedSamples = 0;
  readonly #source: SeriesSource;
  readonly #lookbackMs: number;
  readonly #selected = new Map<VectorSelector, { version: number; series: readonly Series[] }>();

  constructor(source: SeriesSource, lookbackMs: number) {
    this.#source = source;
    this.#lookbackMs = lookbackMs;
  }

  /** The newest sample of each series within the lookback; its value, or with `times` its time in seconds. */
  instant(selector: VectorSelector, moment: Moment, read: "values" | "times" = "values"): VectorValue {
    const referenceMs = shifted(selector.shift, moment);
    const samples: VectorSample[] = [];
    for (const series of this.#seriesOf(selector)) {
      const index = series.firstAfter(referenceMs) - 1;
      if (index < series.start) continue;
      const timeMs = series.timesMs[index] as number;
      if (timeMs <= referenceMs - this.#lookbackMs) continue;
      if (series.staleMarkers > 0 && series.isStale(index)) continue;
      this.touchedSeries++;
      this.touchedSamples++;
      samples.push(
        read === "values"
          ? { labels: series.labels, value: series.values[index] as number, dropName: false }
          : { labels: series.labels, value: timeMs / 1_000, dropName: true },
      );
    }
    return { kind: "vector", samples };
  }

  /** The samples of each series within a range. */
  range(selector: MatrixSelector, moment: Moment): MatrixValue {
    const endMs = shifted(selector.selector.shift, moment);
    const windows: Window[] = [];
    for (const series of this.#seriesOf(selector.selector)) {
      const window = windowOf(series, endMs - selector.rangeMs, endMs);
      if (window.to === window.from) continue;
      this.touchedSeries++;
      this.touchedSamples += window.to - window.from;
      windows.push(window);
    }
    return { kind: "matrix", series: windows, rangeMs: selector.rangeMs, endMs };
  }

  /** Evaluates an expression at each step inside a range. The steps are multiples of the resolution. */
  subquery(
    subquery: Subquery,
    moment: Moment,
    defaultStepMs: number,
    evaluate: (at: Moment) => Value,
  ): MatrixValue {
    const endMs = shifted(subquery.shift, moment);
    const stepMs = subquery.stepMs ?? defaultStepMs;
    const columns = new Map<
      string,
      { labels: Labels; dropName: boolean; timesMs: number[]; values: number[] }
    >();
    const beginMs = endMs - subquery.rangeMs;
    let timeMs = stepMs * Math.trunc(beginMs / stepMs);
    if (timeMs <= beginMs) timeMs += stepMs;
    for (; timeMs <= endMs; timeMs += stepMs) {
      const value = evaluate({ ...moment, timeMs });
      if (value.kind !== "vector") continue;
      for (const sample of value.samples) {
        let column = columns.get(sample.labels.key);
        if (column === undefined) {
          column = { labels: sample.labels, dropName: sample.dropName, timesMs: [], values: [] };
          columns.set(sample.labels.key, column);
        }
        column.timesMs.push(timeMs);
        column.values.push(sample.value);
      }
    }
    const series = [...columns.values()].map(({ labels, dropName, timesMs, values }) => ({
      labels,
      dropName,
      timesMs: Float64Array.from(timesMs),
      values: Float64Array.from(values),
      from: 0,
      to: values.length,
      series: null,
    }));
    return { kind: "matrix", series, rangeMs: subquery.rangeMs, endMs };
  }

  #seriesOf(selector: VectorSelector): readonly Series[] {
    const known = this.#selected.get(selector);
    if (known !== undefined && known.version === this.#source.seriesVersion) return known.series;
    const series = this.#source.select(selector.matchers);
    this.#selected.set(selector, { version: this.#source.seriesVersion, series });
    return series;
  }
}

function shifted({ at, offsetMs }: TimeShift, moment: Moment): number {
  if (at === null) return moment.timeMs - offsetMs;
  if (at.kind === "time") return at.timeMs - offsetMs;
  return (at.kind === "start" ? moment.startMs : moment.endMs) - offsetMs;
}

/** The series itself when it has no stale markers, otherwise a copy without them. */
function windowOf(series: Series, afterMs: number, upToMs: number): Window {
  const { labels, timesMs, values } = series;
  const from = series.firstAfter(afterMs);
  const to = series.firstAfter(upToMs);
  const view: Window = { labels, dropName: false, timesMs, values, from, to, series };
  if (series.newestStale < from) return view;
  const kept: number[] = [];
  for (let index = from; index < to; index++) if (!series.isStale(index)) kept.push(index);
  if (kept.length === to - from) return view;
  return {
    labels,
    dropName: false,
    timesMs: Float64Array.from(kept, (index) => timesMs[index] as number),
    values: Float64Array.from(kept, (index) => values[index] as number),
    from: 0,
    to: kept.length,
    series: null,
  };
}
