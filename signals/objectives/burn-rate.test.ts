import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePromql } from "../promql/parse-promql.ts";
import {
  allowedShare,
  BURN_WINDOWS,
  budgetLeftExpression,
  burnExpression,
  burningShare,
} from "./burn-rate.ts";
import { OBJECTIVES, type Objective } from "./objective.ts";

const [availability] = OBJECTIVES as [Objective, ...Objective[]];
const promising = (target: number): Objective => ({ ...availability, target });

describe("a burn rate", () => {
  it("of 14.4 on 99 % is reached at 14.4 % of bad requests", () => {
    expect(allowedShare(availability)).toBe(0.01);
    expect(BURN_WINDOWS.map((window) => burningShare(availability, window))).toEqual([
      0.144, 0.06, 0.03, 0.01,
    ]);
  });

  it("that no outage reaches is refused, and the largest that one does is named", () => {
    const [fast] = BURN_WINDOWS as [(typeof BURN_WINDOWS)[number]];
    expect(() => burningShare(promising(0.9), fast)).toThrow(/144 % of requests/);
    expect(() => burningShare(promising(0.9), { ...fast, factor: 10 })).toThrow(/100 % of requests/);
    expect(burningShare(promising(0.9), { ...fast, factor: 9.99 })).toBeCloseTo(0.999);
  });

  it("is refused exactly from factor · (1 − target) ≥ 1 on", () => {
    const windows = fc.double({ min: 0.1, max: 1_000, noNaN: true });
    const targets = fc.integer({ min: 1, max: 9_999 }).map((each) => each / 10_000);
    fc.assert(
      fc.property(windows, targets, (factor, target) => {
        const objective = promising(target);
        const share = Number((factor * allowedShare(objective)).toPrecision(12));
        const window = { long: "1h", short: "5m", factor, severity: "page" } as const;
        if (share >= 1) expect(() => burningShare(objective, window)).toThrow("burn rate");
        else expect(burningShare(objective, window)).toBe(share);
      }),
    );
  });

  it("is PromQL over both windows", () => {
    for (const objective of OBJECTIVES) {
      for (const window of BURN_WINDOWS) {
        const expression = burnExpression(objective, window);
        expect(() => parsePromql(expression)).not.toThrow();
        expect(expression).toContain(`[${window.long}]`);
        expect(expression).toContain(`[${window.short}]`);
      }
      expect(() => parsePromql(budgetLeftExpression(objective))).not.toThrow();
    }
  });
});
