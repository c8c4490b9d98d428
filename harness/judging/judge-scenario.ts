import type {
  CheckRecord,
  NotApplicable,
  OperationsRecord,
  PhaseRecord,
  TriggerRecord,
} from "../../evidence/index.ts";
import type { LoadResult } from "../../load/index.ts";
import type { PlayedFault } from "../experiment/fault-timeline.ts";
import type { Scenario } from "../experiment/scenario.ts";
import { checkInvariants } from "../invariants/check-invariant.ts";
import type { MetricValue } from "../observation/measured.ts";
import { checkOwnInvariants } from "../own/own-invariant.ts";
import { askedTriggers } from "./asked-triggers.ts";
import type { ExperimentOutcome } from "./experiment-outcome.ts";
import { judgeAcceptance, judgeAnswers } from "./judge-clients.ts";
import { judgeFault, judgeRestraint } from "./judge-fault.ts";
import { discountUnsound, judgeGenerator } from "./judge-generator.ts";
import { judgeBreakOff, judgeDeath, judgeLease } from "./judge-harness.ts";
import { discountContended, judgeMachine } from "./judge-machine.ts";
import { discountUnmapped, judgeMapping } from "./judge-mapping.ts";
import { discountSilentMarket, judgeMarket } from "./judge-market.ts";
import { judgeCondition, judgeMetricsPage, judgeOccurrence } from "./judge-metrics.ts";
import { judgeRecovery, judgeSettling } from "./judge-recovery.ts";
import { discountRunnerGaps, discountUnwatched, judgeRunner } from "./judge-runner.ts";
import { judgeFreshness, judgeOrdersAccepted, judgePhase } from "./judge-steady-state.ts";
import { judgeMissingTriggers, judgeTriggers, triggerRecordOf } from "./judge-triggers.ts";
import { operationsOf } from "./phase-operations.ts";
import { routeFailures } from "./route-failures.ts";

export interface Judgment {
  readonly checks: readonly CheckRecord[];
  readonly triggers: readonly TriggerRecord[];
  readonly operations: OperationsRecord;
  readonly notApplicable: readonly NotApplicable[];
}

/** Judges an experiment by its complete results. Pure: the same outcome gives the same judgment. */
export function judgeScenario(outcome: ExperimentOutcome): Judgment {
  const { scenario, measured, faults, settled, load } = outcome;
  const records = faults.map(({ record }) => record);
  const asked = askedTriggers(scenario.expectation, records, load);
  const { expectation } = asked;
  const firstFaultAtMs = earliest(records.map(({ injectedAtMs }) => injectedAtMs));
  const triggers = measured.triggers.map((each) => triggerRecordOf(each, expectation, firstFaultAtMs));
  const invariants =
    settled === null ? { checks: [], notApplicable: [] } : checkInvariants(expectation, settled.state);
  const metricOf = (expression: string): MetricValue => measured.values[expression] ?? { kind: "no-data" };
  const checks = [
    ...steadyChecks(outcome),
    ...records.map(judgeFault),
    ...faults.flatMap(restraintChecks),
    ...(scenario.faults.length === 0 ? [] : [judgeLease(outcome.leaseEnd, faults.length)]),
    ...expectation.happens.map((event) => judgeOccurrence(event.name, metricOf(event.expression))),
    ...expectation.holds.map((condition) => judgeCondition(condition, metricOf(condition.expression))),
    ...judgeTriggers(triggers),
    ...judgeMissingTriggers(expectation.fires, triggers, outcome.notApplicable),
    ...recoveryChecks(outcome),
    ...answerChecks(outcome),
    ...(settled === null ? [] : [judgeSettling(settled)]),
    ...invariants.checks,
    ...(settled === null ? [] : checkOwnInvariants(outcome.ownInvariants, settled.state)),
    ...outcome.brokeOff.map(judgeBreakOff),
    ...outcome.deaths.map((death) => judgeDeath(death, outcome.platformName)),
    judgeMetricsPage(measured.metricsPages),
    judgeGenerator(load.generator, load.totals.operations),
    judgeMapping(load, outcome.measured),
    ...judgeMachine(outcome.machine),
    judgeMarket(outcome.marketSilences, load.totals.operations),
    judgeRunner(outcome.runnerGaps, outcome.runnerLooks),
  ];
  const discounted = discountContended(
    discountSilentMarket(
      discountUnsound(discountUnmapped(checks, load), load.generator),
      outcome.marketSilences,
    ),
    outcome.machine,
  );
  return {
    checks: discountRunnerGaps(discounted, outcome.runnerGaps),
    triggers: discountUnwatched(triggers, outcome.runnerGaps),
    notApplicable: [...outcome.notApplicable, ...asked.notApplicable, ...invariants.notApplicable],
    operations: operationsRecordOf(scenario, load),
  };
}

function steadyChecks(outcome: ExperimentOutcome): readonly CheckRecord[] {
  const { scenario, phases, load } = outcome;
  const { operations } = load;
  const before = operationsOf("steady-before", phases, operations);
  const after = operationsOf("steady-after", phases, operations);
  const checks = [
    judgePhase("steady state before", before),
    judgeOrdersAccepted([...(before ?? []), ...(after ?? [])]),
    ...freshness("before", outcome),
  ];
  if (scenario.faults.length === 0) return checks;
  return [...checks, judgePhase("steady state after", after), ...freshness("after", outcome)];
}

/** Of a platform that says how old its feeds are. */
function freshness(when: "before" | "after", outcome: ExperimentOutcome): readonly CheckRecord[] {
  if (outcome.lacksMetrics.includes("feed_staleness_seconds")) return [];
  return [judgeFreshness(`fresh feeds ${when}`, outcome.measured.feedAges[`steady-${when}`] ?? {})];
}

function recoveryChecks({ scenario, faults, load, phases }: ExperimentOutcome): readonly CheckRecord[] {
  const healedAtMs = latest(faults.flatMap(({ record }) => record.healedAtMs ?? []));
  const watched = phaseNamed("steady-after", phases) ?? phaseNamed("recovery", phases);
  if (healedAtMs === null || watched === null) return [];
  const { recoversWithinMs } = scenario.expectation;
  return [judgeRecovery(healedAtMs, watched.endMs, recoversWithinMs, load.operations)];
}

/** A fault that clients can avoid by doing what it asks for may bite at most this often. */
function restraintChecks({ scheduled, record }: PlayedFault): readonly CheckRecord[] {
  return scheduled.maxBites === null ? [] : [judgeRestraint(record, scheduled.maxBites)];
}

function answerChecks({ scenario, phases, load }: ExperimentOutcome): readonly CheckRecord[] {
  const { answersWithinMs, acceptsShare } = scenario.expectation;
  const during = operationsOf("fault", phases, load.operations) ?? [];
  return [
    ...(answersWithinMs === null ? [] : [judgeAnswers(during, answersWithinMs)]),
    ...(acceptsShare === null ? [] : [judgeAcceptance(during, acceptsShare, load.operations)]),
  ];
}

function operationsRecordOf(scenario: Scenario, load: LoadResult): OperationsRecord {
  const { totals } = load;
  const { outcomes, latencyMs } = totals;
  return {
    rateRps: scenario.load.rateRps,
    total: totals.operations,
    succeeded: outcomes.succeeded,
    rejected: outcomes.rejected,
    failed: outcomes.failed,
    unknown: outcomes.unknown,
    latencyMs: { p50: latencyMs.p50, p95: latencyMs.p95, p99: latencyMs.p99, max: latencyMs.max },
    routes: routeFailures(load.operations),
  };
}

/** The phase of that name, or null when it did not take place. */
function phaseNamed(name: PhaseRecord["name"], phases: readonly PhaseRecord[]): PhaseRecord | null {
  return phases.find((phase) => phase.name === name) ?? null;
}

function earliest(timesMs: readonly number[]): number | null {
  return timesMs.length === 0 ? null : Math.min(...timesMs);
}

function latest(timesMs: readonly number[]): number | null {
  return timesMs.length === 0 ? null : Math.max(...timesMs);
}
