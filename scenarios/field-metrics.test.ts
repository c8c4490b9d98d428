import { describe, expect, it } from "vitest";
import { Metrics } from "../platform/index.ts";
import { FIELD_METRICS, isMetricOf } from "../signals/index.ts";

describe("the metrics of the field", () => {
  it("are those that Spark has, apart from its runtime's", () => {
    const names = new Metrics().registry.getMetricsAsArray().map(({ name }) => name);
    expect(names.filter((name) => !isMetricOf([], name)).toSorted()).toEqual([...FIELD_METRICS].toSorted());
  });
});
