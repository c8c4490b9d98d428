import { mergeVerdicts } from "../../core/index.ts";
import {
  type CheckRecord,
  type FaultRecord,
  RUN_SCHEMA,
  type RunRecord,
  type ScenarioRecord,
  type TriggerRecord,
} from "../../evidence/index.ts";
import { FIXTURE_ENVIRONMENT } from "./environment-fixture.ts";
import { PLANS, type Plan } from "./scenario-plans.ts";
import { SAMPLE_INTERVAL_MS, seriesOf } from "./series-fixture.ts";

const FAULT_FROM_MS = 5_000;
const FAULT_TO_MS = 11_000;
const SAMPLE_COUNT = 72;
const END_MS = SAMPLE_COUNT * SAMPLE_INTERVAL_MS;

/** The history of a trigger without data. */
const NO_DATA = [{ atMs: 0, state: "no-data", value: null }] as const;

/** A realistic run record, always the same, for tests and for viewing the report. */
export function fixtureRun(scenarioCount = PLANS.length): RunRecord {
  const scenarios = Array.from({ length: scenarioCount }, (_, index) => {
    const round = Math.floor(index / PLANS.length);
    const plan = PLANS[index % PLANS.length];
    if (plan === undefined) throw new RangeError(`expected a plan for scenario ${index}`);
    return scenarioOf(round === 0 ? plan : { ...plan, name: `${plan.name}-${round + 1}` }, index);
  });
  return {
    schema: RUN_SCHEMA,
    runId: "20250801T020000Z-nightly",
    title: "Nightly resilience run",
    command: "npm start -- run --all --seed 7",
    seed: 7,
    platform: "spark",
    startedAt: "2025-08-01T02:00:00.000Z",
    endedAt: new Date(Date.UTC(2025, 7, 1, 2) + scenarioCount * 23_400).toISOString(),
    verdict: mergeVerdicts(scenarios.map(({ verdict }) => verdict)),
    environment: FIXTURE_ENVIRONMENT,
    scenarios,
    notRun: [],
    notApplicable: [],
  };
}

/**
 * Returns the fixture's scenario of that name.
 *
 * @throws RangeError when there is none.
 */
export function fixtureScenario(name: string): ScenarioRecord {
  const scenario = fixtureRun().scenarios.find((item) => item.name === name);
  if (scenario === undefined) throw new RangeError(`expected the name of a made-up scenario, got ${name}`);
  return scenario;
}

function scenarioOf(plan: Plan, index: number): ScenarioRecord {
  const { name, hypothesis, verdict, unknown } = plan;
  const seed = 7_000 + index;
  const total = 2_148;
  const failed = Math.round(total * (plan.series.errorShare ?? 0) * 0.3);
  const samples = seriesOf({
    seed,
    faultFromMs: plan.fault === null ? END_MS : FAULT_FROM_MS,
    faultToMs: plan.fault === null ? END_MS : FAULT_TO_MS,
    sampleCount: SAMPLE_COUNT,
    latencyRiseMs: 0,
    errorShare: 0,
    answersNothing: false,
    unmeasuredFeed: "none",
    poolUsePercent: 18,
    ...plan.series,
  });
  return {
    name,
    hypothesis,
    source: { kind: "catalog" },
    verdict,
    seed,
    command: `npm start -- run ${name} --seed ${seed}`,
    startedAt: new Date(Date.UTC(2025, 7, 1, 2) + index * 23_400).toISOString(),
    durationMs: 21_700 + index * 130,
    phases: [
      { name: "warm-up", startMs: 0, endMs: 2_000 },
      { name: "steady-before", startMs: 2_000, endMs: FAULT_FROM_MS },
      { name: "fault", startMs: FAULT_FROM_MS, endMs: FAULT_TO_MS },
      { name: "recovery", startMs: FAULT_TO_MS, endMs: 13_500 },
      { name: "steady-after", startMs: 13_500, endMs: END_MS },
    ],
    faults: faultsOf(plan),
    samples,
    triggers: triggersOf(plan),
    checks: checksOf(plan),
    notApplicable: [],
    operations: {
      rateRps: 120,
      total,
      succeeded: total - failed - unknown - 44,
      rejected: 44,
      failed,
      unknown,
      latencyMs: {
        p50: 9.4,
        p95: 26 + (plan.series.latencyRiseMs ?? 0),
        p99: 61 + (plan.series.latencyRiseMs ?? 0) * 1.25,
        max: 1_207,
      },
      routes: [],
    },
    orders: { listed: [], omitted: 0 },
    logs: ["platform", "proxy", "pgbouncer"].map((process) => ({
      process,
      path: `logs/${name}/${process}.log`,
    })),
  };
}

function faultsOf({ fault, link, name, verdict }: Plan): FaultRecord[] {
  if (fault === null) return [];
  const connections = verdict === "inconclusive" ? 0 : 14;
  return [
    {
      label: fault,
      kind: name,
      link,
      injectedAtMs: FAULT_FROM_MS,
      healedAtMs: FAULT_TO_MS,
      bite: { kind: "counted", connections, bytes: connections * 93_212, messages: null },
    },
  ];
}

function triggersOf({ trigger, verdict }: Plan): TriggerRecord[] {
  const { name, expression, summary, firesAfterMs } = trigger;
  const firedAtMs = firesAfterMs === null ? null : FAULT_FROM_MS + firesAfterMs;
  const excursion =
    firedAtMs === null
      ? []
      : ([
          { atMs: FAULT_FROM_MS + 500, state: "pending", value: 0.62 },
          { atMs: firedAtMs, state: "firing", value: 0.71 },
          { atMs: FAULT_TO_MS + 1_250, state: "inactive", value: 0.03 },
        ] as const);
  const calm = ["WsReconnectStorm", "ClockSkew", "LedgerMismatch", "FeedStaleAbsent"].map(
    (calmName): TriggerRecord => ({
      name: calmName,
      severity: "page",
      expression: `kanit_example{name="${calmName}"} > 1`,
      summary: `${calmName} for 5 minutes`,
      expected: "quiet",
      verdict: "pass",
      history: [
        // Before the first scrape there is no series, and a rule on absence is pending.
        { atMs: 0, state: calmName.endsWith("Absent") ? "pending" : "no-data", value: null },
        { atMs: 250, state: "inactive", value: 0 },
      ],
      evaluations: 80,
      firedAtMs: null,
      firedAfterFaultMs: null,
    }),
  );
  const due: TriggerRecord = {
    name,
    severity: "page",
    expression,
    summary,
    expected: firesAfterMs === null && verdict === "pass" ? "quiet" : "fires",
    verdict: verdict === "inconclusive" ? "inconclusive" : "pass",
    history:
      verdict === "inconclusive"
        ? NO_DATA
        : [
            { atMs: 0, state: "no-data", value: null },
            { atMs: 750, state: "inactive", value: 0.02 },
            ...excursion,
          ],
    evaluations: verdict === "inconclusive" ? 0 : 80,
    firedAtMs,
    firedAfterFaultMs: firesAfterMs,
  };
  return [due, ...calm];
}

function checksOf({ check, trigger, fault, verdict }: Plan): CheckRecord[] {
  const held = (
    kind: CheckRecord["kind"],
    name: string,
    expected: string,
    received: string,
    judgedBy: CheckRecord["judgedBy"],
  ): CheckRecord => ({
    kind,
    name,
    basis: "count",
    verdict: "pass",
    expected,
    received,
    judgedBy,
    orders: [],
  });
  return [
    held(
      "steady-state",
      "P95 before the fault",
      "below 250 ms over at least 300 requests",
      "27 ms over 358 requests",
      { count: 358, noun: "operation" },
    ),
    ...(fault === null
      ? []
      : [
          held("recovery", "P95 after the fault", "below 250 ms within 5 s", "29 ms after 0.8 s", {
            count: 96,
            noun: "operation",
          }),
        ]),
    ...(trigger.firesAfterMs === null
      ? verdict === "inconclusive"
        ? []
        : [
            held("trigger", `${trigger.name} stays quiet`, "never firing", "never firing", {
              count: 80,
              noun: "evaluation",
            }),
          ]
      : [
          held(
            "trigger",
            `${trigger.name} fires`,
            "within 5 s of the fault",
            `after ${trigger.firesAfterMs} ms`,
            { count: 80, noun: "evaluation" },
          ),
        ]),
    held("invariant", "balances add up", "0.00000000 drift in every account", "0.00000000 in 40 accounts", {
      count: 40,
      noun: "balance",
    }),
    check,
    held("harness", "load kept its plan", "at most 1 % of requests late by 50 ms", "0.1 %", {
      count: 2_104,
      noun: "operation",
    }),
  ];
}
