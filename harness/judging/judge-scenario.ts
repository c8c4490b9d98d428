import { faultLabel, type LeaseState } from "../../chaos/index.ts";
import type { CheckRecord, FaultRecord, OperationsRecord, TriggerRecord } from "../../evidence/index.ts";
import type { ProcessDeath } from "../../lab/index.ts";
import type { LoadResult, Operation } from "../../load/index.ts";
import type { FaultTimeline } from "../experiment/fault-timeline.ts";
import type { PhaseLog } from "../experiment/phase-log.ts";
import { judgeLease } from "../experiment/run-lease.ts";
import type { Scenario, ScheduledFault } from "../experiment/scenario.ts";
import type { SettledTruth } from "../observation/final-state.ts";
import type { MachineLoad } from "../observation/machine-load.ts";
import type { Measurement } from "../observation/measurement.ts";
import type { HeardQuotes } from "../observation/probes/quote-recorder.ts";
import { judgeQuotes, type QuoteComparison } from "../observation/probes/quotes-agree.ts";
import { judgeRefusals, type RefusalProbe } from "../observation/probes/refusals.ts";
import { judgeCounts } from "./counts-agree.ts";
import {
  judgeAcceptance,
  judgeAnswers,
  judgeCondition,
  judgeFault,
  judgeFreshness,
  judgeInvariants,
  judgeOccurrence,
  judgePhase,
  judgeRecovery,
  judgeRestraint,
  judgeSettling,
  judgeTriggers,
} from "./judge.ts";
import { discountUnsound, judgeGenerator } from "./judge-generator.ts";
import { discountContended, judgeMachine } from "./judge-machine.ts";

/** The load's, and the one that listens to quotes. */
const OPEN_SOCKETS = 2;

/** Everything that an experiment left behind, for its verdict. */
export interface Remains {
  readonly scenario: Scenario;
  readonly platformName: string;
  readonly phases: PhaseLog;
  readonly faults: readonly FaultRecord[];
  readonly timeline: FaultTimeline;
  /** Null when the experiment broke off before the books were read. */
  readonly settled: SettledTruth | null;
  readonly quotes: { readonly comparisons: readonly QuoteComparison[]; readonly heard: HeardQuotes };
  readonly refusals: readonly RefusalProbe[];
  readonly result: LoadResult;
  readonly measurement: Measurement;
  /** What went wrong in the harness itself. */
  readonly problems: readonly CheckRecord[];
  /** How the lease of the faults stood when it was released. */
  readonly leaseEnd: LeaseState;
  readonly deaths: readonly ProcessDeath[];
  readonly machine: MachineLoad;
  readonly endMs: number;
}

export interface Judgement {
  readonly checks: readonly CheckRecord[];
  readonly reasons: readonly string[];
  readonly triggers: readonly TriggerRecord[];
  readonly operations: OperationsRecord;
}

/** Judges an experiment by everything it left. Pure: the same remains give the same judgement. */
export function judgeScenario(remains: Remains): Judgement {
  const { scenario, result, measurement, timeline, settled } = remains;
  const triggers = measurement.triggerRecords(scenario.expectation, timeline.firstInjectedAtMs());
  const measured = [
    ...steadyChecks(remains),
    ...remains.faults.map(judgeFault),
    ...scenario.faults.flatMap((scheduled) => restraintChecks(scheduled, remains.faults)),
    ...(scenario.faults.length === 0 ? [] : [judgeLease(remains.leaseEnd)]),
    ...scenario.expectation.happens.map((event) =>
      judgeOccurrence(event.name, measurement.occurrence(event, remains.endMs)),
    ),
    ...scenario.expectation.holds.map((condition) =>
      judgeCondition(condition, measurement.query(condition.expression, remains.endMs)),
    ),
    ...judgeTriggers(triggers),
    ...recoveryChecks(remains),
    ...answerChecks(remains),
    ...(settled === null ? [] : [judgeSettling(settled)]),
    ...(settled === null ? [] : judgeInvariants(settled.truth, scenario.expectation.invariants)),
    ...(settled === null ? [] : outsideChecks(remains, settled)),
    ...remains.problems,
    ...remains.deaths.map((death) => judgeDeath(death, remains.platformName)),
    judgeGenerator(result.generator),
    judgeMachine(remains.machine),
  ];
  const checks = discountContended(discountUnsound(measured, result.generator), remains.machine);
  return { checks, reasons: reasonsOf(checks), triggers, operations: operationsOf(scenario, result) };
}

function steadyChecks({ scenario, phases, result, measurement }: Remains): readonly CheckRecord[] {
  const { operations } = result;
  const before = phases.find("steady-before");
  const checks = [
    judgePhase("steady state before", before, operations),
    judgeOrdersAccepted(operations),
    judgeFreshness("fresh feeds before", measurement.staleness(before)),
  ];
  if (scenario.faults.length === 0) return checks;
  const after = phases.find("steady-after");
  return [
    ...checks,
    judgePhase("steady state after", after, operations),
    judgeFreshness("fresh feeds after", measurement.staleness(after)),
  ];
}

/**
 * What needs more than the books: what must be refused, the quotes, and the platform's counters beside those of clients
 * and venues.
 */
function outsideChecks(
  { quotes, refusals, result, measurement, endMs }: Remains,
  { truth }: SettledTruth,
): readonly CheckRecord[] {
  return [
    judgeRefusals(refusals),
    judgeQuotes(quotes.comparisons, quotes.heard),
    judgeCounts({
      operations: result.operations,
      venues: truth.venues,
      openSockets: OPEN_SOCKETS,
      ownRequests: measurement.requests,
      query: (expression) => measurement.query(expression, endMs),
    }),
  ];
}

/** A platform that refuses everything answers quickly and without errors: that is not well. */
function judgeOrdersAccepted(operations: readonly Operation[]): CheckRecord {
  const places = operations.filter((operation) => operation.kind === "place" && operation.attempt === 1);
  const accepted = places.filter((operation) => operation.outcome === "succeeded").length;
  const check = {
    kind: "steady-state",
    name: "orders are accepted",
    expected: "at least half of the orders",
  } as const;
  if (places.length === 0) return { ...check, verdict: "inconclusive", received: "no order was placed" };
  const received = `${accepted} of ${places.length}`;
  return { ...check, verdict: accepted * 2 >= places.length ? "pass" : "fail", received };
}

function recoveryChecks({ scenario, timeline, result, phases }: Remains): readonly CheckRecord[] {
  const healedAtMs = timeline.lastHealedAtMs();
  const watched = phases.find("steady-after") ?? phases.find("recovery");
  if (healedAtMs === null || watched === null) return [];
  return [judgeRecovery(healedAtMs, watched.endMs, scenario.expectation.recoversWithinMs, result.operations)];
}

/** A fault that bites whoever does not heed it may bite so often, and no more. */
function restraintChecks(
  { fault, maxBites }: ScheduledFault,
  records: readonly FaultRecord[],
): readonly CheckRecord[] {
  const label = faultLabel(fault);
  const record = records.find((each) => each.label === label);
  return maxBites === null || record === undefined ? [] : [judgeRestraint(record, maxBites)];
}

function answerChecks({ scenario, phases, result }: Remains): readonly CheckRecord[] {
  const { answersWithinMs, acceptsShare } = scenario.expectation;
  const faults = phases.find("fault");
  return [
    ...(answersWithinMs === null ? [] : [judgeAnswers(faults, answersWithinMs, result.operations)]),
    ...(acceptsShare === null ? [] : [judgeAcceptance(faults, acceptsShare, result.operations)]),
  ];
}

/** A dead platform is its failure; any other dead process is the lab's, and leaves the question open. */
function judgeDeath(death: ProcessDeath, platformName: string): CheckRecord {
  return {
    kind: "harness",
    name: `${death.process} keeps running`,
    verdict: death.process === platformName ? "fail" : "inconclusive",
    expected: "runs to the end",
    received: `${death.ending}; it said last: ${death.lastLines.at(-1) ?? "nothing"}`,
  };
}

function reasonsOf(checks: readonly CheckRecord[]): readonly string[] {
  const of = (verdict: "fail" | "inconclusive") =>
    checks
      .filter((check) => check.verdict === verdict)
      .map((check) => `${check.name}: ${check.received} (expected ${check.expected})`);
  return [...of("fail"), ...of("inconclusive")];
}

function operationsOf(scenario: Scenario, { totals }: LoadResult): OperationsRecord {
  const { outcomes, latencyMs } = totals;
  return {
    rateRps: scenario.load.rateRps,
    total: totals.operations,
    succeeded: outcomes.succeeded,
    rejected: outcomes.rejected,
    failed: outcomes.failed,
    unknown: outcomes.unknown,
    latencyMs: { p50: latencyMs.p50, p95: latencyMs.p95, p99: latencyMs.p99, max: latencyMs.max },
  };
}
