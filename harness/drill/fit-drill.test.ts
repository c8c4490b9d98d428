import { beforeAll, describe, expect, it } from "vitest";
import { completeFault } from "../../chaos/index.ts";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import type { LabFaultInput } from "../experiment/lab-fault.ts";
import type { Act, DrillCondition } from "./condition.ts";
import { fitDrill } from "./fit-drill.ts";
import { conditionOf, groupsOf } from "./fixture.ts";

let spark: PlatformDefinition;
let desk: PlatformDefinition;
beforeAll(async () => {
  spark = await readPlatformDefinition(SPARK_DEFINITION);
  desk = {
    ...spark,
    name: "desk",
    venues: ["binance"],
    metrics: { path: "/prom", mapping: [], lacks: ["csp_violations_total"] },
  };
});

function silence(link: "binance-ws" | "bist-ws"): Act {
  const fault: LabFaultInput = { kind: "silence", link };
  return { kind: "fault", fault: completeFault(fault) };
}

const CONDITIONS: readonly DrillCondition[] = [
  conditionOf("bist-silent", { acts: [silence("bist-ws")], triggers: ["Stale"] }),
  conditionOf("binance-silent", { acts: [silence("binance-ws")], triggers: ["Stale"] }),
  conditionOf("leak", { madeFor: "spark", environment: { SPARK_DEFECTS: "slow-leak" }, triggers: ["Leak"] }),
  conditionOf("reports", { triggers: ["Reports"] }),
  conditionOf("requests", {
    confirmedBy: { what: "requests", expression: 'sum(http_requests_total{route!="/metrics"})' },
    triggers: ["Requests"],
  }),
];
const RULES = groupsOf(
  "alert: Stale, expr: feed_staleness_seconds > 120",
  "alert: Leak, expr: process_resident_memory_bytes > 1",
  "alert: Reports, expr: csp_violations_total > 1",
  "alert: Requests, expr: 'http_requests_total{route!=\"/metrics\"} > 1'",
);

const fitFor = (platform: PlatformDefinition) =>
  fitDrill({ rules: RULES, conditions: CONDITIONS, quiet: conditionOf("quiet") }, platform);

describe("a drill, adapted to a platform", () => {
  it("is the same for one that has everything", () => {
    const { groups, conditions, notApplicable } = fitFor(spark);
    expect({ groups, conditions, notApplicable }).toEqual({
      groups: RULES,
      conditions: CONDITIONS,
      notApplicable: [],
    });
  });

  it("leaves out the conditions that the platform cannot be in, and keeps an alert for which another is left", () => {
    const { groups, conditions } = fitFor(desk);
    expect(conditions.map(({ name }) => name)).toEqual(["binance-silent", "reports", "requests"]);
    expect(groups[0]?.rules.map(({ name }) => name)).toEqual(["Stale", "Leak", "Requests"]);
  });

  it("lists the alerts whose metrics or whose conditions the platform does not have", () => {
    expect(fitFor(desk).notApplicable).toEqual([
      { what: "Reports", needs: "csp_violations_total" },
      { what: "Leak", needs: "the platform spark" },
    ]);
  });

  it("leaves out the requests for the metrics where the platform serves them", () => {
    const { groups, conditions } = fitFor(desk);
    expect(groups[0]?.rules.at(-1)?.text).toContain('route!="/prom"');
    expect(conditions.at(-1)?.confirmedBy.expression).toContain('route!="/prom"');
  });

  it("sends orders only to the venues that are traded", () => {
    const load = {
      rateRps: 1,
      workload: { kind: "order-flow", venues: { binance: 70, btcturk: 30 } },
    } as const;
    const onlyBtcturk = { rateRps: 1, workload: { kind: "order-flow", venues: { btcturk: 1 } } } as const;
    const conditions = [
      { ...conditionOf("both"), load },
      { ...conditionOf("none"), load: onlyBtcturk },
    ];
    const fit = fitDrill({ rules: RULES, conditions, quiet: { ...conditionOf("quiet"), load } }, desk);
    expect(fit.conditions.map(({ name }) => name)).toEqual(["both"]);
    expect(fit.conditions[0]?.load.workload).toMatchObject({ venues: { binance: 70 } });
    expect(fit.quiet.load.workload).toMatchObject({ venues: { binance: 70 } });
  });
});
