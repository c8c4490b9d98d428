import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../core/index.ts";
import { compareEvents, compareShares, eventsAgainstLimit, shareAgainstLimit } from "./count-evidence.ts";
import {
  addEvidence,
  type Evidence,
  estimateOf,
  intervalOf,
  LOG_FACTORS,
  logEvidenceAbove,
  NO_EVIDENCE,
} from "./evidence.ts";
import { addHistograms, countAbove, type Histogram, quantileOf } from "./histogram.ts";
import { logHypergeometric, logTiltedMeans } from "./hypergeometric.ts";
import { logFactorial } from "./log-factorial.ts";
import { compareDurations, probabilityOfSlower } from "./rank-evidence.ts";

/** The log-likelihood ratio of a factor to the null hypothesis. */
function logRatioAt(evidence: Evidence, logFactor: number): number {
  const value = (g: number) => evidence[LOG_FACTORS.indexOf(g)] ?? Number.NaN;
  return value(logFactor) - value(0);
}

const histogram = (...counts: number[]): Histogram => ({
  upperBounds: [0.01, 0.05, 0.1, 0.2, Infinity].slice(-counts.length),
  counts,
  sum: 0,
});

/** The values in these tests were computed by scipy 1.17.1. */
describe("as scipy computes it:", () => {
  it("the logarithm of a factorial", () => {
    expect(logFactorial(300)).toBeCloseTo(1414.905849945068, 9);
    expect(logFactorial(256)).toBeCloseTo(1167.2572785628802, 9);
    expect(logFactorial(1e6)).toBeCloseTo(12815518.384658169, 5);
  });

  it.each([
    {
      population: 3_000,
      marked: 12,
      drawn: 30,
      means: [0.05979662854013512, -0.08425912839688005, 2.041530587476956],
    },
    { population: 500, marked: 500, drawn: 20, means: [8.109302162163289, -24, 60] },
    {
      population: 20_000,
      marked: 1_700,
      drawn: 9_000,
      means: [342.01885779396986, -660.926919851516, 3766.6452292867107],
    },
    {
      population: 10,
      marked: 4,
      drawn: 6,
      means: [1.02525190025188, -2.4184438624819586, 9.608272489264435],
    },
    {
      population: 100_000,
      marked: 40,
      drawn: 1_000,
      means: [0.19948254962223144, -0.28054179630491777, 6.967098559321075],
    },
  ])("the tilted mean of $marked marked of $population", ({ means, ...draw }) => {
    const found = logTiltedMeans(draw, [Math.log(1.5), -1.2, 3]);
    found.forEach((value, index) => {
      expect(value).toBeCloseTo(means[index] ?? Number.NaN, 7);
    });
  });

  it("the likelihood ratios of counts", () => {
    const compared = compareShares({ bad: 5, total: 30 }, { bad: 7, total: 2_970 });
    expect(logRatioAt(compared, 0.65)).toBeCloseTo(3.140813957497336, 9);
    const events = compareEvents({ events: 7, exposure: 25 }, { events: 2, exposure: 100 });
    expect(logRatioAt(events, 0.65)).toBeCloseTo(3.036694871362717, 9);
    expect(logRatioAt(shareAgainstLimit({ bad: 7, total: 300 }, 0.01), 0.65)).toBeCloseTo(
      1.8158745192186418,
      9,
    );
    expect(logRatioAt(eventsAgainstLimit({ events: 7, exposure: 10 }, 0.5), 0.65)).toBeCloseTo(
      -0.027704145069479935,
      9,
    );
  });

  it("Mann and Whitney's U as a share of all pairs", () => {
    expect(probabilityOfSlower(histogram(5, 9, 14, 3, 1), histogram(40, 60, 22, 9, 2))).toBeCloseTo(
      0.6568374060150376,
      12,
    );
  });
});

describe("evidence", () => {
  const look = fc.record({
    candidate: fc.nat({ max: 40 }),
    stable: fc.nat({ max: 200 }),
    bad: fc.nat({ max: 60 }),
  });

  it("is a fair bet: its mean under the null hypothesis is 1 for each factor", () => {
    fc.assert(
      fc.property(look, ({ candidate, stable, bad }) => {
        const population = candidate + stable;
        const marked = Math.min(bad, population);
        const least = Math.max(0, candidate - (population - marked));
        for (const g of [-1.4, 0.09, 0.65, 3.6]) {
          let mean = 0;
          for (let x = least; x <= Math.min(marked, candidate); x++) {
            const evidence = compareShares({ bad: x, total: candidate }, { bad: marked - x, total: stable });
            mean += Math.exp(
              logHypergeometric({ population, marked, drawn: candidate }, x) + logRatioAt(evidence, g),
            );
          }
          expect(mean).toBeCloseTo(1, 8);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("proves nothing without data, and nothing where only one arm has some", () => {
    expect(logEvidenceAbove(NO_EVIDENCE)).toBe(0);
    expect(compareShares({ bad: 3, total: 3 }, { bad: 0, total: 0 })).toBe(NO_EVIDENCE);
    expect(compareEvents({ events: 3, exposure: 3 }, { events: 0, exposure: 0 })).toBe(NO_EVIDENCE);
    expect(intervalOf(NO_EVIDENCE, 0.05)).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
  });

  it("cancels what both arms suffer at the same time", () => {
    const outage = compareShares({ bad: 10, total: 10 }, { bad: 990, total: 990 });
    expect(logRatioAt(outage, 1.4)).toBeCloseTo(0, 9);
  });

  it("finds the factor, with an interval around it", () => {
    let evidence = NO_EVIDENCE;
    for (let each = 0; each < 40; each++) {
      evidence = addEvidence(evidence, compareShares({ bad: 20, total: 1_000 }, { bad: 100, total: 10_000 }));
    }
    const { low, high } = intervalOf(evidence, 0.01);
    expect(estimateOf(evidence)).toBeCloseTo(2, 0);
    expect(low).toBeGreaterThan(1.5);
    expect(high).toBeLessThan(2.6);
    expect(logEvidenceAbove(evidence)).toBeGreaterThan(Math.log(1e6));
  });

  it("is exceeded seldom enough although every look may decide", () => {
    const random = seededRandom(5);
    const draws = (n: number, p: number) =>
      Array.from({ length: n }, random.next).filter((u) => u < p).length;
    const alpha = 0.1;
    let alarms = 0;
    for (let trial = 0; trial < 300; trial++) {
      let evidence = NO_EVIDENCE;
      for (let each = 0; each < 30; each++) {
        const candidate = { bad: draws(20, 0.1), total: 20 };
        evidence = addEvidence(evidence, compareShares(candidate, { bad: draws(60, 0.1), total: 60 }));
        if (logEvidenceAbove(evidence) >= Math.log(1 / alpha)) {
          alarms += 1;
          break;
        }
      }
    }
    expect(alarms / 300).toBeLessThanOrEqual(alpha);
  });
});

describe("durations", () => {
  it("that are slower are proved so, and faster ones are not", () => {
    const [fast, slow] = [histogram(80, 90, 20, 8, 2), histogram(30, 60, 70, 25, 15)];
    expect(logEvidenceAbove(compareDurations(slow, fast))).toBeGreaterThan(Math.log(1_000));
    expect(logEvidenceAbove(compareDurations(fast, slow))).toBeLessThan(0);
    expect(logEvidenceAbove(compareDurations(fast, fast))).toBeLessThan(0);
  });

  it("of other buckets are not compared, and not added", () => {
    expect(() => compareDurations(histogram(1, 2), histogram(1, 2, 3))).toThrow(RangeError);
    expect(() => addHistograms(histogram(1, 2), histogram(1, 2, 3))).toThrow(RangeError);
  });

  it("have the quantiles of Prometheus", () => {
    const some = { upperBounds: [0.1, 0.2, Infinity], counts: [90, 8, 2], sum: 9 };
    expect(quantileOf(some, 0.5)).toBeCloseTo(0.0556, 4);
    expect(quantileOf(some, 0.95)).toBeCloseTo(0.1625, 9);
    expect(quantileOf(some, 0.99)).toBe(0.2);
    expect(quantileOf(histogram(0, 0), 0.5)).toBeNaN();
  });

  it("count as above a limit only when they certainly are", () => {
    const some = { upperBounds: [0.1, 0.25, 0.5, Infinity], counts: [5, 4, 3, 2], sum: 9 };
    expect(countAbove(some, 0.1)).toBe(9);
    expect(countAbove(some, 0.2)).toBe(5);
  });
});
