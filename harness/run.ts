import type { FaultLease } from "../chaos/index.ts";
import type { Clock } from "../core/index.ts";
import { mergeVerdicts } from "../core/index.ts";
import type { CheckRecord, ScenarioRecord } from "../evidence/index.ts";
import { faultContextOf, type Lab, type PlatformDefinition } from "../lab/index.ts";
import { type LoadPlanInput, type Operation, startLoad } from "../load/index.ts";
import type { RuleGroup } from "../signals/index.ts";
import { FaultTimeline } from "./experiment/fault-timeline.ts";
import { PhaseLog } from "./experiment/phase-log.ts";
import { playPhases } from "./experiment/play-phases.ts";
import type { RunListener } from "./experiment/run-event.ts";
import { openRunLease } from "./experiment/run-lease.ts";
import type { Scenario } from "./experiment/scenario.ts";
import { GENERATOR_LAG_LIMIT_MS_P99 } from "./judging/judge-generator.ts";
import { judgeScenario, type Remains } from "./judging/judge-scenario.ts";
import { readSettledTruth, type SettledTruth } from "./observation/final-state.ts";
import { MachineWatch } from "./observation/machine-watch.ts";
import { Measurement } from "./observation/measurement.ts";
import { visitBriefly } from "./observation/probes/churn-sockets.ts";
import { type OtherAccountOrder, placeForOtherAccount } from "./observation/probes/other-account.ts";
import { QuoteWatch } from "./observation/probes/quote-recorder.ts";
import { compareQuotes, type QuoteComparison } from "./observation/probes/quotes-agree.ts";
import { askForRefusals, type RefusalProbe } from "./observation/probes/refusals.ts";
import { setMarketPaused } from "./observation/venue-books.ts";

/** Impatient fingers and retrying gateways are part of every day: each scenario has some of them. */
const DOUBLE_SUBMIT_SHARE = 0.1;
/** Enough to be told from the few sockets that are open anyway, and long gone when they are counted. */
const BRIEF_VISITS = 10;
const LOAD_LIMIT_MS = 600_000;

/** What an experiment needs besides its scenario. */
export interface RunContext {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  readonly clock: Clock;
  readonly seed: number;
  /** One second of the lab stands for this many seconds of production, in trigger windows. */
  readonly timeScale: number;
  readonly rules: readonly RuleGroup[];
  /** The command line that repeats the experiment. */
  readonly command: string;
  readonly listener: RunListener;
  /** Aborting it ends the experiment after healing; the run is then inconclusive. */
  readonly signal: AbortSignal;
}

/**
 * Carries out one experiment and gives its record, whatever happens in it. This is the only place that acts:
 *
 *  1. **Reset.** The lab goes back to its start: no faults, a fresh database, the market at its beginning.
 *  2. **Load and measurement** start: open-loop order flow; metrics, pools and triggers every 250 ms.
 *  3. **Warm-up**, until clients see the steady state, for at most ten seconds.
 *  4. **Steady state before**: measured for as long as the scenario says. Nothing is proved about a fault in a
 *     platform that is not well without it.
 *  5. **Faults** are injected and healed on their timeline, under one lease of the fault proxy. Whatever happens from
 *     here on, they are healed: should this process be killed, by the fault proxy itself.
 *  6. **Recovery**: until the steady state is back.
 *  7. **Steady state after**: measured again.
 *  8. **Settling**: arrivals stop, answers and repetitions are awaited, the market is halted, and the platform
 *     gets time to reconcile what it does not know yet.
 *  9. **Refusals**: what no platform may do is asked for, and an order placed for another account.
 * 10. **Truth**: quotes are compared with the venues' books while nothing moves; then the platform's books, the venues'
 *     own and what the platform's API shows are read, and the invariants checked on them.
 * 11. **Verdict** from all checks: a fail is never overwritten, and what was not measured is inconclusive.
 */
export async function runScenario(scenario: Scenario, context: RunContext): Promise<ScenarioRecord> {
  const { lab, clock, seed, listener, signal } = context;
  const startedAtMs = clock.nowMs();
  listener({ kind: "scenario.started", scenario: scenario.name, seed, hypothesis: scenario.hypothesis });
  signal.throwIfAborted();
  await lab.reset(seed);

  await using lease = await openRunLease(lab.proxy, scenario.name, seed);
  listener({ kind: "lease.opened", scenario: scenario.name, leased: lease.leased });
  await using load = await startLoad(loadOf(scenario, lab, seed));
  const now = () => clock.nowMs() - load.startedAtEpochMs;
  await using measurement = Measurement.start({
    ...context,
    addresses: lab.addresses,
    startedAtEpochMs: load.startedAtEpochMs,
  });
  const quotesUrl = `${lab.addresses.platform}${context.platform.quotes}`;
  await using quotes = new QuoteWatch(quotesUrl);
  const visits = visitBriefly(quotesUrl, BRIEF_VISITS);
  const phases = new PhaseLog(now, (phase, atMs) =>
    listener({ kind: "phase.started", scenario: scenario.name, phase, atMs }),
  );
  const timeline = makeTimeline(scenario, context, lease, now);

  // The processes of a lab in containers are not the runner's own, and would be taken for others.
  using machine = lab.runtime === "local" ? new MachineWatch(process.pid) : null;

  const problems: CheckRecord[] = [];
  let settled: SettledTruth | null = null;
  let comparisons: readonly QuoteComparison[] = [];
  let refusals: readonly RefusalProbe[] = [];
  try {
    await playPhases(scenario, context, load, measurement, phases, timeline);
    await load.settle();
    await visits;
    await measurement.collectAtRest();
    const { operations } = await load.stop();
    // Before the market is halted, which makes every feed stale.
    await measurement.stop();
    const { platform: baseUrl, venueControl } = lab.addresses;
    refusals = await askForRefusals(baseUrl, operations);
    const other = await placeForOtherAccount(baseUrl, operations);
    await setMarketPaused(venueControl, true);
    const heard = () => quotes.heard();
    comparisons = await compareQuotes({ baseUrl, venueControl, operations, heard, clock }, signal);
    settled = await readTruthOf(scenario, context, operations, other);
  } catch (error) {
    signal.throwIfAborted();
    problems.push(threw(error));
  }
  const result = await load.stop();
  await measurement.stop();
  const faults = await timeline.records();
  const leaseEnd = await lease.release();
  const deaths = lab.deaths();
  const remains = {
    scenario,
    platformName: context.platform.name,
    phases,
    faults,
    timeline,
    settled,
    refusals,
    quotes: { comparisons, heard: quotes.heard() },
    result,
    measurement,
    problems,
    leaseEnd,
    deaths,
    machine: machine?.load() ?? { kind: "unknown" as const },
    endMs: result.durationMs,
  };
  const record = recordOf(context, remains, startedAtMs);
  listener({ kind: "scenario.ended", record });
  return record;
}

function loadOf(scenario: Scenario, lab: Lab, seed: number): LoadPlanInput {
  return {
    baseUrl: lab.addresses.api,
    seed,
    arrivals: {
      kind: "constant",
      rateRps: scenario.load.rateRps,
      durationMs: LOAD_LIMIT_MS,
      spacing: "poisson",
    },
    maxLagMsP99: GENERATOR_LAG_LIMIT_MS_P99,
    workload: {
      kind: "order-flow",
      venues: scenario.load.venues,
      doubleSubmitShare: DOUBLE_SUBMIT_SHARE,
    },
  };
}

function recordOf(context: RunContext, remains: Remains, startedAtMs: number): ScenarioRecord {
  const { scenario, phases, faults, measurement, result, endMs } = remains;
  const judgement = judgeScenario(remains);
  return {
    name: scenario.name,
    hypothesis: scenario.hypothesis,
    verdict: mergeVerdicts(judgement.checks.map((check) => check.verdict)),
    reasons: judgement.reasons,
    seed: context.seed,
    command: context.command,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: context.clock.nowMs() - startedAtMs,
    phases: phases.records(),
    faults,
    samples: measurement.sampleTable(result.operations, endMs),
    triggers: judgement.triggers,
    checks: judgement.checks,
    operations: judgement.operations,
    logs: context.lab.logs().map(({ process, path }) => ({ process, path })),
  };
}

function makeTimeline(
  scenario: Scenario,
  { lab, clock, listener }: RunContext,
  { proxy }: FaultLease,
  now: () => number,
): FaultTimeline {
  const tell = (kind: "fault.injected" | "fault.healed") => (fault: string, atMs: number) =>
    listener({ kind, scenario: scenario.name, fault, atMs });
  return new FaultTimeline({
    faults: scenario.faults,
    context: faultContextOf(lab, proxy),
    clock,
    now,
    onInjected: tell("fault.injected"),
    onHealed: tell("fault.healed"),
  });
}

function readTruthOf(
  scenario: Scenario,
  context: RunContext,
  operations: readonly Operation[],
  otherAccountOrder: OtherAccountOrder | null,
): Promise<SettledTruth> {
  const { lab, platform, clock, signal } = context;
  return readSettledTruth(
    {
      platformUrl: lab.addresses.platform,
      venueControl: lab.addresses.venueControl,
      databaseUrl: lab.addresses.databaseUrl,
      queries: platform.ledger,
      operations,
      otherAccountOrder,
      clock,
    },
    scenario.expectation.invariants,
    platform.settlesWithinMs,
    signal,
  );
}

function threw(error: unknown): CheckRecord {
  const received = error instanceof Error ? error.message : String(error);
  return {
    kind: "harness",
    name: "experiment",
    verdict: "inconclusive",
    expected: "is carried out to its end",
    received,
  };
}
