import { type FaultLease, injectFault } from "../chaos/index.ts";
import type { Clock } from "../core/index.ts";
import { steadyClockFrom } from "../core/index.ts";
import { faultyDatabaseOf } from "../database/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import type { NotApplicable, ScenarioRecord, ScenarioSource } from "../evidence/index.ts";
import { faultContextOf, type Lab } from "../lab/index.ts";
import { type LoadPlanInput, startLoad } from "../load/index.ts";
import { isContended, MachineWatch } from "../machine/index.ts";
import type { RuleGroup } from "../signals/index.ts";
import { FaultTimeline } from "./experiment/fault-timeline.ts";
import { type ObservedEnd, observeEnd } from "./experiment/observe-end.ts";
import { PhaseLog } from "./experiment/phase-log.ts";
import { playPhases } from "./experiment/play-phases.ts";
import { RecordedClients } from "./experiment/recorded-clients.ts";
import type { RunListener } from "./experiment/run-event.ts";
import { openRunLease } from "./experiment/run-lease.ts";
import type { Scenario } from "./experiment/scenario.ts";
import { LOAD_LIMIT_MS } from "./experiment/times.ts";
import type { ExperimentOutcome } from "./judging/experiment-outcome.ts";
import { GENERATOR_LAG_LIMIT_MS_P99 } from "./judging/judge-generator.ts";
import { silencesWithin } from "./judging/judge-market.ts";
import { scenarioRecordOf } from "./judging/scenario-record.ts";
import { AT_REST_COLLECTIONS, Measurement } from "./observation/measurement.ts";
import { QuoteWatch } from "./observation/quote-watch.ts";
import { RunnerWatch } from "./observation/runner-watch.ts";
import type { Extensions } from "./own/extensions.ts";

/** Users who click twice and gateways that retry are ordinary, so each scenario has some of them. */
const DOUBLE_SUBMIT_SHARE = 0.1;

/** The dependencies of an experiment, besides its scenario. */
export interface RunContext {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  /**
   * The machine's clock, with which the runner watches itself; nothing else is measured by
   * it, since it may be set.
   */
  readonly clock: Clock;
  readonly seed: number;
  /** One second of the lab represents this many seconds of production, in trigger windows. */
  readonly timeScale: number;
  readonly rules: readonly RuleGroup[];
  /** The parts of the scenario and the rules that do not apply to the platform, and were removed. */
  readonly notApplicable: readonly NotApplicable[];
  /** What the user adds to kanit. */
  readonly extensions: Extensions;
  /** For what faults put down for a while. */
  readonly temporaryDirectory: string;
  readonly source: ScenarioSource;
  /** The run's folder: the paths of logs in the record are relative to it. */
  readonly folder: string;
  /** The command line that repeats the experiment. */
  readonly command: string;
  readonly listener: RunListener;
  /** Aborting it ends the experiment after healing; the run is then inconclusive. */
  readonly signal: AbortSignal;
}

/**
 * Carries out one experiment and returns its record, whatever happens in it. This is the only place that acts:
 *
 *  1. **Reset.** The lab goes back to its start: no faults, a fresh database, the market at its beginning.
 *  2. **Load and measurement** start: open-loop order flow; metrics, pools and triggers every 250 ms.
 *  3. **Warm-up**, until clients see the steady state, for at most ten seconds.
 *  4. **Steady state before**: measured for as long as the scenario says. A fault proves nothing about a
 *     platform that is unhealthy without it.
 *  5. **Faults** are injected and healed on their timeline, under one lease of the fault proxy. From here on they are
 *     always healed: by the fault proxy itself if this process is killed.
 *  6. **Recovery**: until the steady state is back.
 *  7. **Steady state after**: measured again.
 *  8. **Settling**: arrivals stop, answers and retries are awaited, the market is halted, and the platform
 *     gets time to reconcile what it does not know yet.
 *  9. **Refusals**: requests are sent that every platform must refuse, and an order for another account.
 * 10. **Final state**: quotes are compared with the venues' books while nothing changes; then the platform's books, the
 *     venues' own and what the platform's API returns are read.
 * 11. **Verdict** from all checks, the invariants on the final state among them: a fail is never overwritten, and what
 *     was not measured is inconclusive.
 */
export async function runScenario(scenario: Scenario, given: RunContext): Promise<ScenarioRecord> {
  const context = { ...given, clock: steadyClockFrom(given.clock) };
  const { lab, clock, seed, listener, signal } = context;
  const startedAtMs = clock.nowMs();
  listener({ kind: "scenario.started", scenario: scenario.name, seed, hypothesis: scenario.hypothesis });
  signal.throwIfAborted();
  await lab.reset(seed);

  using runner = new RunnerWatch(given.clock, lab.powers);
  await using lease = await openRunLease(lab.proxy, scenario.name, seed);
  listener({ kind: "lease.opened", scenario: scenario.name, leased: lease.leased });
  await using load = await startLoad(await loadOf(scenario, given), clock);
  const now = () => clock.nowMs() - load.startedAtEpochMs;
  const { happens, holds } = scenario.expectation;
  const expressions = [...happens, ...holds].map(({ expression }) => expression);
  await using measurement = Measurement.start({
    ...context,
    expressions,
    addresses: lab.addresses,
    candidateMetrics: lab.canary?.candidate.metrics ?? [],
    startedAtEpochMs: load.startedAtEpochMs,
  });
  await using quotes = new QuoteWatch(context.platform, lab.addresses.platform, lab.symbols[0]);
  const phases = new PhaseLog(now, (phase, atMs) =>
    listener({ kind: "phase.started", scenario: scenario.name, phase, atMs }),
  );
  await using clients = new RecordedClients({ ...context, now });
  const timeline = makeTimeline(scenario, context, lease, clients, now);

  // In a lab in containers the processes are not the runner's children, and would be counted as others.
  using machine = lab.runtime === "local" ? new MachineWatch(process.pid) : null;

  const brokeOff: string[] = [];
  let end: ObservedEnd | null = null;
  try {
    await playPhases(scenario, context, load, measurement, phases, timeline);
    await load.settle();
    await quotes.churned;
    const isLate = () => explainsLateness(runner, machine);
    const readAtRest = await measurement.collectAtRest(quotes.openSockets, AT_REST_COLLECTIONS, isLate);
    const result = clients.addedTo(await load.stop());
    // Before the market is halted, which makes every feed stale.
    await measurement.stop();
    const isExcused = () => result.generator.state === "unsound" || isLate();
    end = await observeEnd(scenario, context, result, measurement, quotes, { readAtRest, isExcused });
  } catch (error) {
    signal.throwIfAborted();
    brokeOff.push(error instanceof Error ? error.message : String(error));
  }
  const result = await load.stop();
  await measurement.stop();
  const faults = await timeline.played();
  const outcome: ExperimentOutcome = {
    scenario,
    platformName: context.platform.name,
    phases: phases.records(),
    faults,
    load: result,
    measured: measurement.measured(expressions, phases.records(), result.durationMs),
    settled: end?.settled ?? null,
    brokeOff,
    notApplicable: context.notApplicable,
    ownInvariants: context.extensions.invariants,
    lacksMetrics: context.platform.metrics.lacks,
    leaseEnd: await lease.release(),
    deaths: lab.deaths(),
    marketSilences: silencesWithin(end?.silences ?? [], result.startedAtEpochMs, result.durationMs),
    machine: machine?.load() ?? { kind: "unknown" },
    runnerGaps: runner.gaps(),
    runnerLooks: runner.looks,
  };
  const samples = measurement.sampleTable(result.operations, result.durationMs);
  const record = scenarioRecordOf(context, outcome, samples, startedAtMs);
  listener({ kind: "scenario.ended", record });
  return record;
}

/** Whether the runner or its machine were busy with something else, so that a platform may be late because of it. */
function explainsLateness(runner: RunnerWatch, machine: MachineWatch | null): boolean {
  return runner.gaps().length > 0 || (machine !== null && isContended(machine.load()));
}

async function loadOf(scenario: Scenario, { lab, platform, seed }: RunContext): Promise<LoadPlanInput> {
  return {
    baseUrl: lab.addresses.api,
    api: platform.api,
    driver: await lab.driver(),
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
      symbol: lab.symbols[0],
      venues: scenario.load.venues,
      doubleSubmitShare: DOUBLE_SUBMIT_SHARE,
    },
  };
}

function makeTimeline(
  scenario: Scenario,
  { lab, clock, listener, extensions, temporaryDirectory, signal }: RunContext,
  { proxy }: FaultLease,
  clients: RecordedClients,
  now: () => number,
): FaultTimeline {
  const database = faultyDatabaseOf({ lab, temporaryDirectory, clock, signal });
  const reportFault = (kind: "fault.injected" | "fault.healed") => (fault: string, atMs: number) =>
    listener({ kind, scenario: scenario.name, fault, atMs });
  return new FaultTimeline({
    faults: scenario.faults,
    inject: (fault) =>
      injectFault(fault, faultContextOf(lab, proxy, { clients, ownFaults: extensions.faults, database })),
    clock,
    now,
    onInjected: reportFault("fault.injected"),
    onHealed: reportFault("fault.healed"),
  });
}
