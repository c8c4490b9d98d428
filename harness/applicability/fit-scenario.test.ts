import { describe, expect, it } from "vitest";
import { groupsOf } from "../drill/fixture.ts";
import { completeScenario, type ScenarioInput } from "../experiment/scenario.ts";
import { fitRules } from "./fit-rules.ts";
import { fitScenario } from "./fit-scenario.ts";
import type { Means } from "./lacks.ts";

const EVERYTHING: Means = {
  venues: ["binance", "btcturk", "bist"],
  lacksMetrics: [],
  hasSteppableClock: true,
  hasMounts: true,
  metricsPath: "/metrics",
};
const ONLY_BINANCE: Means = { ...EVERYTHING, venues: ["binance"] };
const ONLY_BTCTURK: Means = { ...EVERYTHING, venues: ["btcturk"] };

function scenarioOf(change: Partial<ScenarioInput> = {}) {
  return completeScenario({
    name: "feeds-fail",
    hypothesis: "When feeds fall silent, it is noticed.",
    load: { venues: { binance: 70, btcturk: 30 } },
    faults: [
      { fault: { kind: "silence", link: "binance-ws" }, forMs: 1_000 },
      { fault: { kind: "reset-peer", link: "bist-ws" }, forMs: 1_000 },
    ],
    expectation: {
      recoversWithinMs: 1_000,
      happens: [{ name: "a book is rebuilt", expression: 'sum(feed_resyncs_total{feed="binance"})' }],
      holds: [
        { name: "blocked", expression: "sum(risk_blocks_total)", limit: { atLeast: 1 } },
        {
          name: "BIST is old",
          expression: 'max(feed_staleness_seconds{feed="bist"})',
          limit: { atLeast: 2 },
        },
      ],
    },
    ...change,
  });
}

describe("a scenario, adapted to a platform", () => {
  it("is the same for a platform that has everything", () => {
    const scenario = scenarioOf();
    expect(fitScenario(scenario, EVERYTHING, [])).toEqual({ kind: "fits", scenario, notApplicable: [] });
  });

  it("loses the faults, conditions and orders of venues that the platform does not trade, and lists them", () => {
    const fitted = fitScenario(scenarioOf(), ONLY_BINANCE, []);
    expect(fitted).toMatchObject({
      kind: "fits",
      scenario: {
        load: { venues: { binance: 70, btcturk: 0 } },
        faults: [{ fault: { link: "binance-ws" } }],
        expectation: { holds: [{ name: "blocked" }] },
      },
      notApplicable: [
        { what: expect.stringContaining("bist-ws"), needs: "BIST" },
        { what: "BIST is old", needs: "BIST" },
      ],
    });
  });

  it("does not apply when the venue of its occurrence is not traded", () => {
    const scenario = scenarioOf({ faults: [{ fault: { kind: "silence", link: "api" }, forMs: 100 }] });
    expect(fitScenario(scenario, ONLY_BTCTURK, [])).toEqual({ kind: "not-applicable", needs: "Binance" });
  });

  it("loses the ordinary conditions that a platform which is killed or paused cannot meet, and lists them", () => {
    const expectation = { recoversWithinMs: 1_000 };
    const kinds = ["kill", "pause"] as const;
    for (const kind of kinds) {
      const faults = [{ fault: { kind, process: "platform" }, forMs: 500 }] as const;
      const fitted = fitScenario(scenarioOf({ faults, expectation }), EVERYTHING, []);
      expect(fitted).toMatchObject({
        kind: "fits",
        notApplicable: [{ what: "share of the time in which metrics could be read" }],
      });
      const names = fitted.kind === "fits" ? fitted.scenario.expectation.holds.map(({ name }) => name) : [];
      expect(names).toEqual(["health is reported while all is well", "database connections are returned"]);
    }
    const other = scenarioOf({
      faults: [{ fault: { kind: "kill", process: "postgres" }, forMs: 500 }],
      expectation,
    });
    expect(fitScenario(other, EVERYTHING, [])).toMatchObject({ notApplicable: [] });
  });

  it("does not apply when its only fault steps a clock that cannot be stepped", () => {
    const faults = [
      { fault: { kind: "clock-step", process: "platform", stepMs: 5_000 }, forMs: 500 },
    ] as const;
    const scenario = scenarioOf({ faults, expectation: { recoversWithinMs: 1_000 } });
    expect(fitScenario(scenario, EVERYTHING, [])).toMatchObject({ kind: "fits", notApplicable: [] });
    expect(fitScenario(scenario, { ...EVERYTHING, hasSteppableClock: false }, [])).toEqual({
      kind: "not-applicable",
      needs: "a clock that can be stepped (clock in platform.yml)",
    });
  });

  it("does not apply when its only fault floods a platform with reports that it does not take", () => {
    const faults = [{ fault: { kind: "report-flood" }, forMs: 500 }] as const;
    const scenario = scenarioOf({ faults, expectation: { recoversWithinMs: 1_000 } });
    expect(fitScenario(scenario, EVERYTHING, [])).toMatchObject({ kind: "fits", notApplicable: [] });
    const lacksMetrics = ["csp_violations_total"];
    expect(fitScenario(scenario, { ...EVERYTHING, lacksMetrics }, [])).toEqual({
      kind: "not-applicable",
      needs: "csp_violations_total",
    });
  });

  it("does not apply when no fault or no order is left", () => {
    expect(fitScenario(scenarioOf(), ONLY_BTCTURK, [])).toEqual({
      kind: "not-applicable",
      needs: "Binance, BIST",
    });
    const quiet = scenarioOf({ load: { venues: { binance: 1 } }, faults: [] });
    expect(fitScenario(quiet, ONLY_BTCTURK, [])).toEqual({ kind: "not-applicable", needs: "Binance" });
  });

  it("keeps an occurrence whose metric is missing, which then makes it inconclusive, and drops a condition", () => {
    const means = { ...EVERYTHING, lacksMetrics: ["feed_resyncs_total", "risk_blocks_total"] };
    expect(fitScenario(scenarioOf(), means, [])).toMatchObject({
      kind: "fits",
      scenario: {
        expectation: { happens: [{ name: "a book is rebuilt" }], holds: [{ name: "BIST is old" }] },
      },
      notApplicable: [
        { what: "blocked", needs: "risk_blocks_total" },
        { what: "a book is rebuilt", needs: "feed_resyncs_total" },
      ],
    });
  });
});

describe("queries over requests, adapted to a platform", () => {
  it("leave out the requests for the metrics wherever the platform serves them", () => {
    const expression = 'sum(http_requests_total{route!="/metrics"})';
    const holds = [{ name: "few", expression, limit: { atMost: 9 } }];
    const scenario = scenarioOf({
      expectation: { recoversWithinMs: 1_000, holds, happens: [{ name: "some", expression }] },
    });
    const means = { ...EVERYTHING, metricsPath: "/internal/prom" };
    const expected = [{ expression: 'sum(http_requests_total{route!="/internal/prom"})' }];
    expect(fitScenario(scenario, means, [])).toMatchObject({
      scenario: { expectation: { holds: expected, happens: expected } },
    });
  });
});

describe("rules, adapted to a platform", () => {
  const groups = groupsOf(
    "record: 'job:blocks', expr: 'sum(rate(risk_blocks_total[1m]))'",
    "alert: Blocked, expr: 'job:blocks > 1'",
    "alert: Slow, expr: 'rate(http_request_duration_seconds_bucket[1m]) > 1'",
    "alert: BistOld, expr: 'absent(feed_staleness_seconds{feed=\"bist\"})'",
    "alert: Old, expr: 'feed_staleness_seconds > 120'",
  );
  const namesOf = (means: Means) =>
    fitRules(groups, means).groups.flatMap(({ rules }) => rules.map(({ name }) => name));

  it("keep what the platform has the metrics for", () => {
    expect(fitRules(groups, EVERYTHING)).toEqual({ groups, notApplicable: [] });
  });

  it("lose alerts on metrics that it lacks, through recorded series and by the name of a histogram", () => {
    const means = {
      ...EVERYTHING,
      lacksMetrics: ["risk_blocks_total", "http_request_duration_seconds"],
    };
    expect(namesOf(means)).toEqual(["job:blocks", "BistOld", "Old"]);
    expect(fitRules(groups, means).notApplicable).toEqual([
      { what: "Blocked", needs: "risk_blocks_total" },
      { what: "Slow", needs: "http_request_duration_seconds_bucket" },
    ]);
  });

  it("lose alerts on a venue that it does not trade", () => {
    expect(namesOf(ONLY_BINANCE)).toEqual(["job:blocks", "Blocked", "Slow", "Old"]);
  });

  it("leave out the requests for the metrics wherever the platform serves them", () => {
    const [group] = fitRules(
      groupsOf("alert: Failing, expr: 'http_requests_total{route!=\"/metrics\"} > 1'"),
      { ...EVERYTHING, metricsPath: "/internal/prom" },
    ).groups;
    expect(group?.rules[0]?.text).toBe('http_requests_total{route!="/internal/prom"} > 1');
  });
});
