import { describe, expect, it } from "vitest";
import { Labels } from "../labels.ts";
import { SampleStore } from "../sample-store.ts";
import { parsePromql } from "./parse-promql.ts";
import { PromqlError } from "./promql-error.ts";
import { instantQuery } from "./query.ts";

const errorOf = (expression: string): PromqlError => {
  try {
    parsePromql(expression);
  } catch (error) {
    if (error instanceof PromqlError) return error;
    throw error;
  }
  throw new Error(`${expression} was accepted`);
};

const scalarOf = (expression: string) => {
  const { value } = instantQuery(new SampleStore(null), expression, 0);
  return value.kind === "scalar" ? value.value : value.kind;
};

describe("the edges of the language", () => {
  it.each([
    ["0X1F", 31],
    ["1.e2", 100],
    ["5.", 5],
    ["1_000", 1_000],
    ["08", 8],
    ["1h1m", 3_660],
  ])("%s is the number %d", (text, value) => {
    expect(parsePromql(text)).toMatchObject({ kind: "number", value });
  });

  it.each([
    "offset",
    "offset offset 5m",
    "offset{a='b'} + sum",
    "sum(offset)",
    "sum by (offset, on) (m)",
    "m @ 1.e2",
    "5 == on() m",
  ])("%s is read as Prometheus reads it", (text) => {
    expect(() => parsePromql(text)).not.toThrow();
  });

  it.each([
    ["m and 1and m", /bad number/],
    ['m{__name__=~"m"}', /must not be set twice/],
    ["sum by (without) (m)", /unexpected "without"/],
    ["1e999", /out of range/],
    ["m[1m1h]", /not a valid duration/],
    ["m[300y]", /./],
    ["atan2", /atan2/],
    [`${"(".repeat(5_000)}m${")".repeat(5_000)}`, /nested deeper/],
  ])("%s is refused", (text, reason) => {
    expect(() => parsePromql(text)).toThrow(reason);
    expect(() => parsePromql(text)).toThrow(expect.objectContaining({ name: "PromqlError" }));
  });
});

describe("parsing PromQL", () => {
  it.each([
    ["sum(", "promql-syntax", "1:5"],
    ["up == ", "promql-syntax", "1:7"],
    ["rate(up)", "promql-type", "1:6"],
    ["1 +\n  rate(up[0s])", "promql-type", "2:8"],
    ['up + "x"', "promql-type", "1:1"],
    ["1 > 2", "promql-type", "1:1"],
    ["up and 1", "promql-type", "1:1"],
    ["(up)[5m]", "promql-type", "1:1"],
    ["{}", "promql-syntax", "1:1"],
    ['{job=~".*"}', "promql-syntax", "1:1"],
    ['up{job=~"a("}', "promql-syntax", "1:9"],
    ["1 + frobnicate(up)", "promql-type", "1:5"],
    ["sum by (a) (up, up)", "promql-type", "1:1"],
    ["a * on (x) group_left (x) b", "promql-type", "1:1"],
    ["sum(up) offset 5m", "promql-type", "1:1"],
  ])("refuses %s as %s at %s", (expression, code, position) => {
    const error = errorOf(expression);
    expect(error.code).toBe(code);
    expect(error.message).toContain(`PromQL ${position}: `);
    expect(error.exitCode).toBe(64);
  });

  it.each([
    ["histogram_count(up)", "the native histogram function histogram_count"],
    ["mad_over_time(up[5m])", "the experimental function mad_over_time"],
    ["limitk(2, up)", "the experimental aggregation limitk"],
    ["a + fill(0) b", "the experimental modifier fill"],
    ["rate(up[5m + 1m])", "arithmetic on durations"],
    ["timeseries_gen(`{{ 1 }}`)", "the experimental function timeseries_gen"],
    ['info(up, {job=~".*"})', "the experimental function info"],
    ["rate(up[STEP()])", "the duration step"],
    ["up offset -Range() * 2", "the duration range"],
    ["rate(up[5m] smoothed)", "the experimental modifier smoothed"],
  ])("names what it does not support in %s", (expression, what) => {
    const error = errorOf(expression);
    expect(error.code).toBe("promql-unsupported");
    expect(error.message).toContain(`${what} is not supported`);
  });

  it("binds a sign weaker than a power, and modifiers tighter than a sign", () => {
    expect(scalarOf("-2^2")).toBe(-4);
    expect(scalarOf("2^-1")).toBe(0.5);
    const store = new SampleStore(null);
    store.append(Labels.of({ __name__: "a" }), 10_000, 3);
    expect(instantQuery(store, "-a @ 10", 0).value).toMatchObject({ samples: [{ value: -3 }] });
    expect(instantQuery(store, "vector(1) + -sum_over_time(a[10s] offset -10s)", 0).value).toMatchObject({
      samples: [{ value: -2 }],
    });
  });

  it("reads numbers, durations and comments as Prometheus does", () => {
    expect(scalarOf("0x1F + 1_000 + 1e3 + 2. # a comment")).toBe(2_033);
    expect(scalarOf("1h30m")).toBe(5_400);
    expect(scalarOf("1^NaN")).toBe(1);
  });
});

describe("evaluating", () => {
  it("refuses results in which two elements have the same labels", () => {
    const store = new SampleStore(null);
    for (const name of ["a_total", "b_total"]) {
      for (const atMs of [0, 10_000]) store.append(Labels.of({ __name__: name }), atMs, 1);
    }
    expect(() => instantQuery(store, 'rate({__name__=~".+_total"}[1m])', 10_000)).toThrow(
      /vector cannot contain metrics with the same labelset/,
    );
  });

  it("distinguishes an empty result from no data", () => {
    const store = new SampleStore(null);
    store.append(Labels.of({ __name__: "a" }), 0, 1);
    expect(instantQuery(store, "a > 5", 0)).toMatchObject({ hasData: true, value: { samples: [] } });
    expect(instantQuery(store, "b > 5", 0)).toMatchObject({ hasData: false, value: { samples: [] } });
    expect(instantQuery(store, "a > 5", 300_000)).toMatchObject({ hasData: false });
    expect(instantQuery(store, "vector(1)", 0)).toMatchObject({ hasData: true });
  });
});
