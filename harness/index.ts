export { exportTargetOf } from "./applicability/export-target.ts";
export { type Experiment, unfitness, type WhenUnfit } from "./applicability/fit-experiments.ts";
export type { BackpressureEvent, BackpressureListener } from "./backpressure/backpressure-event.ts";
export { runBackpressure } from "./backpressure/run-backpressure.ts";
export { compareFills } from "./books/compare-fills.ts";
export { judgeBooks } from "./books/judge-books.ts";
export { drilledRules } from "./drill/candidates.ts";
export type { Act, DrillCondition, DrillLoad } from "./drill/condition.ts";
export type { DrillEvent, DrillListener } from "./drill/drill-event.ts";
export { fitDrill } from "./drill/fit-drill.ts";
export { checkTimeScale, runDrills } from "./drill/run-drills.ts";
export { LAB_FAULT_SCHEMA, type LabFaultInput } from "./experiment/lab-fault.ts";
export { observeEnd } from "./experiment/observe-end.ts";
export { ORDINARY_CONDITIONS } from "./experiment/ordinary-conditions.ts";
export { grantedMs, type TimeLimit } from "./experiment/patience.ts";
export type { RunEvent, RunListener } from "./experiment/run-event.ts";
export { openRunLease } from "./experiment/run-lease.ts";
export {
  completeScenario,
  defineScenario,
  ORDINARY_LOAD,
  type Scenario,
  type ScenarioCanary,
  type ScenarioInput,
} from "./experiment/scenario.ts";
export { scenarioJsonSchema } from "./experiment/scenario-json-schema.ts";
export { SYMBOL_PLACE } from "./experiment/traded-workload.ts";
export { checkInvariants } from "./invariants/check-invariant.ts";
export { ALL_INVARIANTS } from "./invariants/registry.ts";
export { check } from "./judging/check.ts";
export { judgeBreakOff, judgeDeath } from "./judging/judge-harness.ts";
export { judgeCondition } from "./judging/judge-metrics.ts";
export { checkCondition } from "./mistakes/check-condition.ts";
export { checkScenario } from "./mistakes/check-scenario.ts";
export type { RunFacts } from "./mistakes/run-facts.ts";
export type { FinalState } from "./observation/final-state.ts";
export { Measurement } from "./observation/measurement.ts";
export { agrees, compareQuotes } from "./observation/probes/compare-quotes.ts";
export { QuoteWatch } from "./observation/quote-watch.ts";
export { RunnerWatch } from "./observation/runner-watch.ts";
export { setMarketPaused } from "./observation/venue-books.ts";
export { type Extensions, NO_EXTENSIONS } from "./own/extensions.ts";
export {
  type BookedOrder,
  type ClientOperation,
  defineInvariant,
  type FinalBooks,
  type OrderAtVenue,
  type OwnFinding,
  type OwnInvariant,
} from "./own/own-invariant.ts";
export { checkPlatform } from "./platform-check/check-platform.ts";
export type { PlatformFinding } from "./platform-check/platform-finding.ts";
export { proveLab } from "./proof/prove-lab.ts";
export { proveLedger } from "./proof/prove-ledger.ts";
export { runSuite } from "./run-suite.ts";
