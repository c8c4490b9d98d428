import { LatencyHistogram, type Operation, summarize } from "../../load/index.ts";
import type { PlayedFault } from "../experiment/fault-timeline.ts";
import type { Expectation, Scenario, ScheduledFault } from "../experiment/scenario.ts";
import { placement, soundState } from "../invariants/final-state-fixture.ts";
import type { ExperimentOutcome } from "./experiment-outcome.ts";

export const EXPECTATION: Expectation = {
  fires: [],
  firesAboveMsP95: null,
  mayFire: [],
  recoversWithinMs: 2_000,
  answersWithinMs: null,
  acceptsShare: null,
  happens: [],
  holds: [],
  invariants: [],
  mayBeEmpty: [],
};

export const SCHEDULED: ScheduledFault = {
  fault: { kind: "down", link: "postgres" },
  afterMs: 0,
  forMs: 1_000,
  maxBites: null,
};

const SCENARIO: Scenario = {
  name: "cut",
  hypothesis: "A cut of a second leaves no trace.",
  tags: [],
  load: { rateRps: 50, venues: { binance: 1, btcturk: 1 } },
  timing: { steadyBeforeMs: 3_000, steadyAfterMs: 2_500 },
  canary: null,
  faults: [SCHEDULED],
  expectation: EXPECTATION,
};

const PLAYED: PlayedFault = {
  scheduled: SCHEDULED,
  record: {
    label: "postgres is down",
    kind: "down",
    link: "postgres",
    injectedAtMs: 4_000,
    healedAtMs: 5_000,
    bite: { kind: "counted", connections: 3, bytes: 0, messages: null },
  },
};

/** Fifty orders a second, each answered within 10 ms. */
function ordersUntil(endMs: number): readonly Operation[] {
  return Array.from({ length: endMs / 20 }, (_, index) => {
    const atMs = index * 20;
    return placement({ id: index, plannedAtMs: atMs, startedAtMs: atMs, endedAtMs: atMs + 10 });
  });
}

/** A fully successful experiment: one fault, healed after a second, that clients did not notice. */
export function soundOutcome(change: Partial<ExperimentOutcome> = {}): ExperimentOutcome {
  return {
    scenario: SCENARIO,
    platformName: "spark",
    phases: [
      { name: "warm-up", startMs: 0, endMs: 1_000 },
      { name: "steady-before", startMs: 1_000, endMs: 4_000 },
      { name: "fault", startMs: 4_000, endMs: 5_000 },
      { name: "recovery", startMs: 5_000, endMs: 6_500 },
      { name: "steady-after", startMs: 6_500, endMs: 9_000 },
    ],
    faults: [PLAYED],
    load: soundLoad(ordersUntil(9_000)),
    measured: {
      triggers: [],
      values: {},
      mappingFailures: [],
      metricsPages: { pages: 36, problems: [], refused: [] },
      feedAges: { "steady-before": { binance: [0.1] }, "steady-after": { binance: [0.2] } },
    },
    settled: { state: soundState(), tookMs: 300, limitMs: 5_000, readings: 3 },
    brokeOff: [],
    marketSilences: {},
    ownInvariants: [],
    notApplicable: [],
    lacksMetrics: [],
    leaseEnd: { kind: "released" },
    deaths: [],
    machine: { kind: "unknown" },
    runnerGaps: [],
    runnerLooks: 90,
    ...change,
  };
}

/** The same experiment for a scenario with other expectations. */
export function expecting(
  expectation: Partial<Expectation>,
  change: Partial<ExperimentOutcome> = {},
): ExperimentOutcome {
  const scenario = { ...SCENARIO, expectation: { ...EXPECTATION, ...expectation } };
  return soundOutcome({ scenario, ...change });
}

/** The result of a load that kept its plan. */
export function soundLoad(operations: readonly Operation[]): ExperimentOutcome["load"] {
  return {
    unmapped: { count: 0, first: null },
    unrecordedRequests: 0,
    startedAtEpochMs: 0,
    durationMs: 9_000,
    operations,
    totals: summarize(operations),
    generator: {
      state: "sound",
      lagMs: new LatencyHistogram().summary(),
      maxLagMsP99: 50,
      dropped: 0,
      cpuMs: 1,
      cpuMsPerOperation: 0.1,
      priorityRaised: false,
    },
    quoteStream: null,
  };
}
