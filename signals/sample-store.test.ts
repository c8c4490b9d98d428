import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Labels } from "./labels.ts";
import { createMatcher } from "./matcher.ts";
import { instantQuery } from "./promql/query.ts";
import { MAX_AHEAD_MS, SampleStore } from "./sample-store.ts";

const HOUR_MS = 3_600_000;
const up = Labels.of({ __name__: "up", job: "a" });
const down = Labels.of({ __name__: "down", job: "b" });

describe("label sets", () => {
  it("are equal in whatever order they were given, and have no empty values", () => {
    const left = Labels.of({ b: "2", a: "1", c: "" });
    expect(left.key).toBe(Labels.of({ a: "1", b: "2" }).key);
    expect(left.names).toEqual(["a", "b"]);
  });

  it("never share a key when they differ", () => {
    const record = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), { maxKeys: 4 });
    fc.assert(
      fc.property(record, record, (left, right) => {
        const areEqual =
          JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
        expect(Labels.of(left).key === Labels.of(right).key).toBe(areEqual);
      }),
    );
  });

  it("print as Prometheus prints them", () => {
    expect(String(Labels.of({ __name__: "a", path: 'C:\\"x"\n' }))).toBe(
      '{__name__="a", path="C:\\\\\\"x\\"\\n"}',
    );
  });
});

describe("the sample store", () => {
  it("selects by matchers, a missing label counting as the empty text", () => {
    const store = new SampleStore(null);
    store.append(up, 1, 1);
    store.append(down, 1, 1);
    const select = (...matchers: Parameters<typeof createMatcher>[]) =>
      store
        .select(matchers.map((matcher) => createMatcher(...matcher)))
        .map((series) => series.labels.metricName);
    expect(select(["__name__", "=", "up"])).toEqual(["up"]);
    expect(select(["job", "!=", "a"])).toEqual(["down"]);
    expect(select(["job", "=~", "a|b"], ["zone", "=", ""])).toEqual(["up", "down"]);
    expect(select(["__name__", "!~", "u.*"])).toEqual(["down"]);
  });

  it("refuses samples that are not newer, and counts them by reason", () => {
    const store = new SampleStore(null);
    expect(store.append(up, 10, 1)).toBe("stored");
    expect(store.append(up, 10, 2)).toBe("duplicate");
    expect(store.append(up, 9, 3)).toBe("out-of-order");
    expect(store.refused).toMatchObject({ duplicate: 1, "out-of-order": 1, "series-limit": 0 });
    expect(store.sampleCount).toBe(1);
  });

  it("refuses further series beyond its limit", () => {
    const store = new SampleStore(null, { maxSeries: 1 });
    store.append(up, 1, 1);
    expect(store.append(down, 1, 1)).toBe("series-limit");
    expect(store.seriesCount).toBe(1);
  });

  it("drops samples and then series that are older than its retention", () => {
    const store = new SampleStore(null, { retentionMs: 1_000 });
    store.append(down, 0, 1);
    for (let atMs = 0; atMs <= 100_000; atMs += 100) store.append(up, atMs, atMs);
    expect(store.sampleCount).toBeLessThan(20);
    expect(store.seriesCount).toBe(1);
    expect(instantQuery(store, "up", 100_000).value).toMatchObject({ samples: [{ value: 100_000 }] });
  });

  it("is not emptied by a sample from the far future, nor does it keep one from the far past", () => {
    const clock = { nowMs: () => 10 * HOUR_MS };
    const store = new SampleStore(clock);
    store.append(up, clock.nowMs(), 1);
    expect(store.append(down, clock.nowMs() + MAX_AHEAD_MS + 1, 2)).toBe("ahead-of-clock");
    expect(store.append(down, Number.MAX_SAFE_INTEGER, 2)).toBe("ahead-of-clock");
    expect(store.append(down, 0, 2)).toBe("too-old");
    expect(store.append(down, clock.nowMs() + MAX_AHEAD_MS, 2)).toBe("stored");
    expect(store.refused).toMatchObject({ "ahead-of-clock": 2, "too-old": 1 });
    expect(instantQuery(store, "up", clock.nowMs()).value).toMatchObject({ samples: [{ value: 1 }] });
  });

  it("ends no series at a time that is far ahead", () => {
    const store = new SampleStore({ nowMs: () => HOUR_MS });
    store.append(up, HOUR_MS, 1);
    expect(store.appendStale(up, 3 * HOUR_MS)).toBe("ahead-of-clock");
    expect(store.append(up, HOUR_MS + 1, 2)).toBe("stored");
  });

  it("accepts a series again that it had dropped", () => {
    const store = new SampleStore(null, { retentionMs: 1_000 });
    store.append(down, 0, 1);
    for (let atMs = 0; atMs <= 10_000; atMs += 100) store.append(up, atMs, 1);
    store.append(down, 10_000, 2);
    expect(instantQuery(store, "down", 10_000).value).toMatchObject({ samples: [{ value: 2 }] });
  });

  it("distinguishes stale markers from NaN, even after it has moved its columns", () => {
    const store = new SampleStore(null);
    for (let atMs = 0; atMs < 1_000; atMs++) store.append(up, atMs, Number.NaN);
    store.appendStale(up, 1_000);
    for (let atMs = 1_001; atMs < 3_000; atMs++) store.append(up, atMs, Number.NaN);
    const [series] = store.select([createMatcher("__name__", "=", "up")]);
    expect(series?.staleMarkers).toBe(1);
    expect(instantQuery(store, "up", 1_000).value).toMatchObject({ samples: [] });
    expect(instantQuery(store, "up", 999).value).toMatchObject({ samples: [{ value: Number.NaN }] });
    expect(instantQuery(store, "count_over_time(up[5m])", 3_000).value).toMatchObject({
      samples: [{ value: 2_999 }],
    });
  });

  it("finds the first sample after any time, like a linear search", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000), { maxLength: 80 }), fc.nat(1_000), (times, timeMs) => {
        const store = new SampleStore(null);
        const sorted = times.sort((left, right) => left - right);
        for (const atMs of sorted) store.append(up, atMs, 1);
        const [series] = store.select([]);
        const expected = sorted.filter((atMs) => atMs <= timeMs).length;
        expect(series?.firstAfter(timeMs) ?? 0).toBe(expected);
      }),
    );
  });
});
