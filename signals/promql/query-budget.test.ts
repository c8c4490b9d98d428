import { describe, expect, it } from "vitest";
import { Labels } from "../labels.ts";
import { SampleStore } from "../sample-store.ts";
import { instantQuery, rangeQuery } from "./query.ts";

function storeOf(series: number): SampleStore {
  const store = new SampleStore(null);
  for (let index = 0; index < series; index++)
    store.append(Labels.of({ __name__: "m", i: String(index) }), 0, index);
  return store;
}

describe("the limits of a query", () => {
  const limited = expect.objectContaining({ code: "promql-limit" });

  it("end a subquery that would hold too many samples", () => {
    const ask = (maxSamples: number) =>
      instantQuery(storeOf(10), "count_over_time(m[1m:1s])", 60_000, { maxSamples });
    expect(() => ask(599)).toThrow(limited);
    expect(() => ask(599)).toThrow(/too many samples/);
    expect(() => ask(600)).not.toThrow();
  });

  it("count the samples held at once, not all that were", () => {
    const text = "sum_over_time(m[1m:1s]) + sum_over_time(m[1m:1s])";
    expect(() => instantQuery(storeOf(10), text, 60_000, { maxSamples: 600 })).not.toThrow();
  });

  it("end a query that takes too long, instant or over a range", () => {
    let nowMs = 0;
    const options = { timeoutMs: 1_000, monotonicMs: () => nowMs++ };
    const endless = "max_over_time(vector(1)[290y:1ms])";
    expect(() => instantQuery(storeOf(1), endless, 0, options)).toThrow(/timed out/);
    const range = { startMs: 0, endMs: 10_000_000, stepMs: 1_000 };
    expect(() => rangeQuery(storeOf(1), "m + m + m + m", range, options)).toThrow(limited);
  });

  it.each([
    ["label_replace", (inner: string) => `label_replace(${inner}, "x", "$1$1", "x", "(.*)")`],
    ["label_join", (inner: string) => `label_join(${inner}, "x", "", "x", "x")`],
    ["label_replace", (inner: string) => `label_replace(${inner}, "x", "${"$1".repeat(200)}", "x", "(.*)")`],
  ])("end a query whose %s doubles a label again and again", (name, nest) => {
    const nested = Array.from({ length: 40 }).reduce<string>(nest, 'label_replace(m, "x", "ab", "", "")');
    expect(() => instantQuery(storeOf(2), nested, 0)).toThrow(
      `a label value of more than 65536 characters in ${name}()`,
    );
  });

  it("allow 11,000 points per series, and only positive steps", () => {
    const ask = (endMs: number, stepMs: number) => rangeQuery(storeOf(1), "m", { startMs: 0, endMs, stepMs });
    expect(() => ask(11_001, 1)).toThrow(/11,000 points/);
    expect(() => ask(10, 0)).toThrow(limited);
    expect(ask(11_000, 1).series[0]?.points).toHaveLength(11_001);
  });
});
