import { describe, expect, it } from "vitest";
import { loadRuleFiles, parseRules } from "../../signals/index.ts";
import { triggerRegions } from "./trigger-region.ts";

const P95 = "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))";
const regionsOf = (expression: string) =>
  triggerRegions(
    parseRules(`groups: [{ name: g, rules: [{ alert: Mine, expr: '${expression}' }] }]`, "mine.yml"),
  );

describe("the regions of triggers in the plane of CPU and P95", () => {
  it("are read from the rules that every run watches", async () => {
    expect(triggerRegions(await loadRuleFiles())).toEqual([
      { trigger: "ApiLatencyP95High", latencyAboveMs: 400, cpuBelow: null },
      { trigger: "LatencyCpuBackpressure", latencyAboveMs: 250, cpuBelow: 0.6 },
    ]);
  });

  it("have a user's own bounds", () => {
    expect(regionsOf(`(${P95} > 0.3) and on () (sum(rate(process_cpu_seconds_total[1m])) < 0.5)`)).toEqual([
      { trigger: "Mine", latencyAboveMs: 300, cpuBelow: 0.5 },
    ]);
  });

  it.each([
    ["another quantile", P95.replace("0.95", "0.99").concat(" > 0.3")],
    ["another metric besides", `${P95} > 0.3 and on () up > 0`],
    ["a bound that is no number", `${P95} > 0.9 * ${P95}`],
    ["either of two", `${P95} > 0.3 or ${P95} > 0.5`],
    ["the CPU alone", "sum(rate(process_cpu_seconds_total[1m])) < 0.5"],
    ["missing data", "absent(http_request_duration_seconds_bucket)"],
  ])("are not drawn for an alert on %s", (_, expression) => {
    expect(regionsOf(expression)).toEqual([]);
  });
});
