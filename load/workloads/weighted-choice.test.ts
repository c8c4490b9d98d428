import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weightedChoice } from "./weighted-choice.ts";

describe("a weighted choice", () => {
  it("chooses each key for its share of the draws", () => {
    const weights = { place: 1, query: 3, cancel: 0 };
    expect(weightedChoice(weights, 0)).toBe("place");
    expect(weightedChoice(weights, 0.2499)).toBe("place");
    expect(weightedChoice(weights, 0.25)).toBe("query");
    expect(weightedChoice(weights, 0.9999)).toBe("query");
  });

  it("never chooses a weight of zero, even with rounding errors", () => {
    const weights = fc.record({ a: fc.double({ min: 0.001, max: 1e6, noNaN: true }), b: fc.constant(0) });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (record, draw) => {
        expect(weightedChoice(record, draw)).toBe("a");
      }),
    );
  });
});
