import { describe, expect, it } from "vitest";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { medianOf, peakOf } from "./series-figures.ts";
import { commonPeak, sparkline } from "./sparkline.ts";

describe("figures of a series", () => {
  it("find the first highest value, and none without measurements", () => {
    expect(peakOf([null, 2, 7, null, 7])).toEqual({ value: 7, index: 2 });
    expect(peakOf([null, null])).toBeNull();
    expect(peakOf([])).toBeNull();
  });

  it("take the median, or the mean of the middle two", () => {
    expect(medianOf([10, 2, 9])).toBe(9);
    expect(medianOf([10, 2, 9, 3])).toBe(6);
    expect(medianOf([])).toBeNull();
  });
});

describe("the sparkline", () => {
  const scenario = fixtureScenario("pg-outage");
  const pathOf = (html: string) => /<path d="([^"]*)"/.exec(html)?.[1] ?? "";

  it("has a gap where nothing was measured", () => {
    expect(pathOf(sparkline(scenario, 100).html).match(/M/g)).toHaveLength(2);
  });

  it("shades the fault window in its place", () => {
    expect(sparkline(scenario, 100).html).toContain('<rect x="41.7" y="0" width="50.0" height="34"/>');
  });

  it("states when there is no latency", () => {
    const samples = { ...scenario.samples, columns: [] };
    expect(sparkline({ ...scenario, samples }, 100).html).toContain("no latency measured");
  });

  it("has the scale of all scenarios, so that a quiet one looks quiet beside another", () => {
    const top = commonPeak(fixtureRun().scenarios);
    expect(top).toBeGreaterThan(commonPeak([fixtureScenario("steady-state")]));
    const highest = (html: string) =>
      Math.min(...[...pathOf(html).matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y)));
    expect(highest(sparkline(fixtureScenario("steady-state"), top).html)).toBeGreaterThan(25);
  });

  it("stays small for a day of samples, and keeps a single peak in it", () => {
    const count = 345_600;
    const values = Array.from({ length: count }, (_, index) => (index === 123_456 ? 900 : 20));
    const atMs = Array.from({ length: count }, (_, index) => index * 250);
    const column = { id: "latency-ms-p95", label: "P95", group: "latency", unit: "ms", values } as const;
    const { html } = sparkline({ ...scenario, samples: { atMs, columns: [column] } }, 900);
    expect(html).toContain("P95 peaks at 900 ms");
    expect(pathOf(html).match(/[ML]/g)).toHaveLength(150);
    expect(pathOf(html).match(/ 3\.0/g)).toHaveLength(1);
  });
});
