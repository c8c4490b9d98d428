import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weightsOfShare } from "./share-weights.ts";

describe("the weights of a share", () => {
  it.each([
    [0, { stable: 100, candidate: 0 }],
    [1, { stable: 99, candidate: 1 }],
    [25, { stable: 75, candidate: 25 }],
    [100, { stable: 0, candidate: 100 }],
    [0.5, { stable: 199, candidate: 1 }],
  ])("of %d %% with a server each are %o", (share, weights) => {
    expect(weightsOfShare(share, { stable: 1, candidate: 1 })).toEqual(weights);
  });

  it("give the servers of the candidate together exactly the share, or are refused", () => {
    const count = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), count, count, (hundredths, stable, candidate) => {
        const weights = weightsOfShare(hundredths / 100, { stable, candidate });
        if (weights === null) return;
        const all = weights.candidate * candidate + weights.stable * stable;
        expect(weights.candidate * candidate * 10_000).toBe(all * hundredths);
        expect(Math.max(weights.stable, weights.candidate)).toBeLessThanOrEqual(256);
      }),
    );
  });

  it.each([-1, 100.5, 0.001, Number.NaN])("do not exist for %d %%", (share) => {
    expect(weightsOfShare(share, { stable: 1, candidate: 1 })).toBeNull();
  });
});
