import { describe, expect, it } from "vitest";
import type { SampleColumn } from "../../evidence/index.ts";
import { fixtureScenario } from "../testing/run-fixture.ts";
import { panelsOf } from "./panels.ts";

const column = (id: string, group: SampleColumn["group"], unit: SampleColumn["unit"]): SampleColumn => ({
  id,
  label: id,
  group,
  unit,
  values: [],
});

describe("the choice of charts", () => {
  it("stacks latency first, then load, machine, feeds and pool", () => {
    const panels = panelsOf(fixtureScenario("db-latency").samples.columns);
    expect(panels.map(({ title }) => title)).toEqual([
      "Latency",
      "Rate and errors",
      "CPU and event loop",
      "Staleness of feeds",
      "Connection pool",
    ]);
    expect(panels[0]?.thresholds.map(({ value }) => value)).toEqual([250, 400]);
  });

  it("puts a second unit on the right scale, and a third into a chart of its own", () => {
    const columns = [column("a", "rate", "1/s"), column("b", "errors", "%"), column("c", "errors", "s")];
    const panels = panelsOf(columns);
    expect(panels.map(({ leftUnit, rightUnit }) => [leftUnit, rightUnit])).toEqual([
      ["1/s", "%"],
      ["s", null],
    ]);
    expect(panels[0]?.series.map(({ scale }) => scale)).toEqual(["left", "right"]);
  });

  it("shows every column once, for any columns", () => {
    const { columns } = fixtureScenario("db-latency").samples;
    const plotted = panelsOf(columns).flatMap(({ series }) => series.map(({ columnIndex }) => columnIndex));
    expect(plotted.toSorted((a, b) => a - b)).toEqual([...columns.keys()]);
  });

  it("shows no chart for a group without samples", () => {
    expect(panelsOf([])).toEqual([]);
    expect(panelsOf([column("a", "pool", "%")]).map(({ title }) => title)).toEqual(["Connection pool"]);
  });
});
