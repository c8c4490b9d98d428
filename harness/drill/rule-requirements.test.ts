import { describe, expect, it } from "vitest";
import { alertsOf } from "../../signals/index.ts";
import { groupsOf } from "./fixture.ts";
import { type RuleRequirements, requirementsOf, sharedWith } from "./rule-requirements.ts";

function requirements(expression: string, ...others: readonly string[]): RuleRequirements {
  const groups = groupsOf(...others, `alert: A, expr: ${JSON.stringify(expression)}, for: 5m`);
  const [alert] = alertsOf(groups);
  if (alert === undefined) throw new TypeError("Expected an alert.");
  return requirementsOf(alert, groups);
}

describe("what a rule requires", () => {
  it("contains the metrics of every selector, whatever their labels are", () => {
    const both = requirements(
      'sum(rate(errors_total{status=~"5.."}[1m])) / sum(rate(requests_total[1m])) > 0.1',
    );
    expect(sharedWith(both, ["errors_total", "requests_total"])).toBe(2);
    expect(sharedWith(both, ["errors_total"])).toBe(1);
    expect(sharedWith(both, ["error_total"])).toBe(0);
  });

  it("matches a histogram by any of its series, and a name that is a pattern", () => {
    expect(sharedWith(requirements("rate(wait_seconds_bucket[1m]) > 1"), ["wait_seconds"])).toBe(1);
    expect(sharedWith(requirements('{__name__=~"wait_.*"} > 1'), ["wait_seconds"])).toBe(1);
  });

  it("traces a recorded series to its sources, and ends at one that records itself", () => {
    const recorded = requirements(
      "my:errors > 1",
      'record: "my:errors", expr: "sum(rate(errors_total[1m]))"',
    );
    expect(sharedWith(recorded, ["errors_total"])).toBe(1);
    const itself = requirements("my:max > 1", 'record: "my:max", expr: "max(my:max)"');
    expect(sharedWith(itself, ["my:max"])).toBe(1);
  });

  it("includes how far back it looks: the longest path of ranges, offsets and subqueries", () => {
    expect(requirements("up == 0").reachMs).toBe(0);
    expect(requirements("rate(a[1m]) - rate(a[2m] offset 10m) > 1").reachMs).toBe(720_000);
    expect(requirements("max_over_time(rate(a[1m])[5m:15s] offset 1m) > 1").reachMs).toBe(420_000);
  });

  it("distinguishes a rule that waits for missing series from one that waits for values", () => {
    expect(requirements("absent(a) or absent(b)").waitsForAbsence).toBe(true);
    expect(requirements("a > 1").waitsForAbsence).toBe(false);
  });
});
