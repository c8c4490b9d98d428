import { describe, expect, it } from "vitest";
import { drilledRule } from "./fixture.ts";
import { patienceMs, quietMs } from "./watch-times.ts";

const quick = drilledRule("alert: Quick, expr: a > 1");
const slow = drilledRule("alert: Slow, expr: 'rate(a[5m] offset 10m) > 1', for: 5m");
const endless = drilledRule("alert: Endless, expr: 'rate(a[30d]) > 1'");

describe("the watch time of a rule", () => {
  it("is three times its waiting time and look-back, compressed, and a little more", () => {
    expect(patienceMs(slow.requirements, 60) - patienceMs(quick.requirements, 60)).toBe(
      (3 * 20 * 60_000) / 60,
    );
    expect(patienceMs(quick.requirements, 60)).toBeGreaterThan(3 * 3_000);
  });

  it("is infinite when it would be too long: such a rule is not tried", () => {
    expect(patienceMs(endless.requirements, 60)).toBe(Number.POSITIVE_INFINITY);
  });

  it("makes the control as long as the slowest tried rule needs to fire", () => {
    expect(quietMs([quick, slow, endless], 60)).toBeGreaterThan(20_000);
    expect(quietMs([quick, slow, endless], 60)).toBe(quietMs([slow], 60));
    expect(quietMs([quick], 60)).toBeLessThan(quietMs([slow], 60));
  });
});
