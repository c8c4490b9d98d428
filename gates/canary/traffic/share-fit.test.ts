import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitShare } from "./share-fit.ts";

describe("requests that are compared with a share", () => {
  it.each([
    [{ stable: 950, candidate: 50 }, 5, "fits"],
    [{ stable: 990, candidate: 10 }, 5, "differs"],
    [{ stable: 750, candidate: 250 }, 5, "differs"],
    [{ stable: 50, candidate: 5 }, 5, "too-few"],
    [{ stable: 100, candidate: 0 }, 0, "fits"],
    [{ stable: 99_999, candidate: 1 }, 0, "differs"],
    [{ stable: 0, candidate: 100 }, 100, "fits"],
    [{ stable: 1, candidate: 100 }, 100, "differs"],
    [{ stable: 0, candidate: 0 }, 0, "too-few"],
    [{ stable: 7_500_000, candidate: 2_500_000 }, 25, "fits"],
    [{ stable: 0, candidate: 10_000 }, 25, "differs"],
  ] as const)("%o at %d %%: %s", (requests, share, fit) => {
    expect(fitShare(requests, share)).toBe(fit);
  });

  // R: qbinom(0.0005, 1000, 0.25) = 206 and qbinom(0.9995, 1000, 0.25) = 296
  it("fit exactly between the quantiles of the binomial distribution", () => {
    const fits = Array.from({ length: 1_001 }, (_, candidate) => candidate).filter(
      (candidate) => fitShare({ stable: 1_000 - candidate, candidate }, 25) === "fits",
    );
    expect([fits.at(0), fits.at(-1)]).toEqual([206, 296]);
  });

  it("are judged the same with the arms exchanged", () => {
    const count = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 100 }), (stable, candidate, share) => {
        const exchanged = fitShare({ stable: candidate, candidate: stable }, 100 - share);
        expect(fitShare({ stable, candidate }, share)).toBe(exchanged);
      }),
    );
  });
});
