import { describe, expect, it } from "vitest";
import { Labels } from "../labels.ts";
import { DEFAULT_ENGINE } from "../promql/engine-options.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import { SampleStore } from "../sample-store.ts";
import { AgeScalingSink } from "./ages.ts";
import { compressEngine, compressExpr, compressGroup } from "./compress-rule.ts";
import { parseRules } from "./load-rules.ts";

const spansOf = (text: string) =>
  [
    ...JSON.stringify(compressExpr(parsePromql(text), 60)).matchAll(
      /"(rangeMs|stepMs|offsetMs|value)":(-?\d+)/g,
    ),
  ].map((match) => `${match[1]} ${match[2]}`);

describe("compressing rules", () => {
  it("divides ranges, subqueries and offsets, and leaves thresholds and horizons as they are", () => {
    expect(spansOf("predict_linear(a[5m] offset 1m, 3600) > 120")).toEqual([
      "offsetMs 1000",
      "rangeMs 5000",
      "value 3600",
      "value 120",
    ]);
    expect(spansOf("max_over_time(rate(a_total[1m])[10m:30s] offset 2m)")).toEqual([
      "offsetMs 0",
      "rangeMs 1000",
      "rangeMs 10000",
      "stepMs 500",
      "offsetMs 2000",
    ]);
  });

  it("divides for, keep_firing_for, the interval, the lookback and the default resolution", () => {
    const [group] = parseRules(
      "groups: [{ name: g, interval: 15s, rules: [{ alert: A, expr: up, for: 5m, keep_firing_for: 10m }] }]",
      "r",
    ).map((original) => compressGroup(original, 60));
    expect(group).toMatchObject({ intervalMs: 250, rules: [{ forMs: 5_000, keepFiringForMs: 10_000 }] });
    expect(compressEngine(DEFAULT_ENGINE, 60)).toMatchObject({ lookbackMs: 5_000, subqueryStepMs: 1_000 });
  });

  it("refuses a scale below one", () => {
    for (const scale of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => compressEngine(DEFAULT_ENGINE, scale)).toThrow(
        expect.objectContaining({ code: "bad-time-scale" }),
      );
    }
  });
});

describe("ages under compression", () => {
  it("are multiplied for the triggers, and nothing else is", () => {
    const store = new SampleStore(null);
    const sink = new AgeScalingSink(store, 60);
    sink.append(Labels.of({ __name__: "feed_staleness_seconds", feed: "bist" }), 0, 3);
    sink.append(Labels.of({ __name__: "http_requests_total" }), 0, 3);
    expect(store.select([]).map((series) => series.values[0])).toEqual([180, 3]);
  });
});
