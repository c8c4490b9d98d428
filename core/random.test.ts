import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "./random.ts";

const draw = (seed: number, count = 20) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe("seeded randomness", () => {
  it("repeats for the same seed and differs for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("stays within its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000 }), (seed, limit) => {
        const random = seededRandom(seed);
        for (let index = 0; index < 50; index++) {
          const value = random.below(limit);
          expect(Number.isInteger(value) && value >= 0 && value < limit).toBe(true);
        }
      }),
    );
  });

  it("forks by label alone, independent of earlier draws", () => {
    const fresh = seededRandom(3);
    const used = seededRandom(3);
    used.next();
    expect(used.fork("load").next()).toBe(fresh.fork("load").next());
    expect(fresh.fork("load").next()).not.toBe(fresh.fork("faults").next());
  });

  it("draws from the uniform and the exponential distribution", () => {
    const random = seededRandom(11);
    const count = 20_000;
    let sum = 0;
    let exponentialSum = 0;
    for (let index = 0; index < count; index++) {
      sum += random.next();
      exponentialSum += random.exponential(5);
    }
    expect(sum / count).toBeCloseTo(0.5, 1);
    expect(exponentialSum / count).toBeCloseTo(5, 0);
  });
});
