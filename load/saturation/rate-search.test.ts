import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RateSearch, searchRate } from "./rate-search.ts";

const search: RateSearch = { firstRps: 1_000, maxRps: 100_000, precision: 0.05, maxSteps: 40 };

async function searchAgainst(breaksAtRps: number, how: "broken" | "unsound" = "broken", from = search) {
  const tried: number[] = [];
  const bounds = await searchRate(from, async (rateRps) => {
    tried.push(rateRps);
    return rateRps < breaksAtRps ? "held" : how;
  });
  return { bounds, tried };
}

describe("the search for the rate at which an objective breaks", () => {
  it("encloses it within its precision, from any start, and tries no rate twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 99_999 }),
        fc.integer({ min: 1, max: 100_000 }),
        async (breaksAtRps, firstRps) => {
          const { bounds, tried } = await searchAgainst(breaksAtRps, "broken", { ...search, firstRps });
          const { heldRps, limit } = bounds;
          expect(heldRps ?? Number.NaN).toBeLessThan(breaksAtRps);
          expect(limit?.rateRps ?? Number.NaN).toBeGreaterThanOrEqual(breaksAtRps);
          const gapRps = (limit?.rateRps ?? Number.NaN) - (heldRps ?? Number.NaN);
          expect(gapRps).toBeLessThanOrEqual(Math.max(1, (heldRps ?? 0) * search.precision));
          expect(new Set(tried).size).toBe(tried.length);
        },
      ),
    );
  });

  it("reports when the objective held even at the highest rate", async () => {
    expect((await searchAgainst(200_000)).bounds).toEqual({ heldRps: 100_000, limit: null });
  });

  it("reports when the objective broke even at one operation per second", async () => {
    expect((await searchAgainst(0)).bounds).toEqual({
      heldRps: null,
      limit: { rateRps: 1, verdict: "broken" },
    });
  });

  it("reports when the generator itself reached its limit", async () => {
    expect((await searchAgainst(3_000, "unsound")).bounds.limit?.verdict).toBe("unsound");
  });

  it("stops after its maximum of steps", async () => {
    expect((await searchAgainst(1_234, "broken", { ...search, maxSteps: 4 })).tried).toHaveLength(4);
  });
});
