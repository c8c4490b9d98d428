import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Labels } from "./labels.ts";
import { Series } from "./series.ts";

const counter = Labels.of({ __name__: "requests_total" });

/** The expected result of the index: a linear search over the range. */
function walked(values: Float64Array, from: number, to: number): { count: number; change: number } {
  let count = 0;
  let change = 0;
  for (let index = from + 1; index < to; index++) {
    const previous = values[index - 1] as number;
    if (!((values[index] as number) < previous)) continue;
    count++;
    change += previous;
  }
  return { count, change };
}

describe("the resets of a counter", () => {
  it("are those that a linear search of any range finds, while samples are added and dropped", () => {
    const value = fc.oneof({ weight: 9, arbitrary: fc.nat(5) }, fc.constant(Number.NaN));
    const step = fc.record({ value, dropTo: fc.nat(400), from: fc.nat(400), length: fc.nat(400) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 150, maxLength: 400 }), (steps) => {
        const series = new Series(counter);
        steps.forEach(({ value: next, dropTo, from, length }, atMs) => {
          series.append(atMs, next);
          if (dropTo % 10 === 0) series.dropBefore(Math.min(dropTo, atMs));
          const first = Math.min(series.start + from, series.end - 1);
          const to = Math.min(first + length + 1, series.end);
          const { count, change } = walked(series.values, first, to);
          expect(series.resets.countIn(first, to)).toBe(count);
          expect(series.resets.addLost(0, series.values, first, to)).toBe(change);
        });
      }),
      { numRuns: 30 },
    );
  });
});
