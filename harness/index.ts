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
export type { LabFaultInput } from "./experiment/lab-fault.ts";
export { ORDINARY_CONDITIONS } from "./experiment/ordinary-conditions.ts";
export type { RunEvent, RunListener } from "./experiment/run-event.ts";
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
export { ALL_INVARIANTS } from "./invariants/registry.ts";
export { checkCondition } from "./mistakes/check-condition.ts";
export { checkScenario } from "./mistakes/check-scenario.ts";
export type { RunFacts } from "./mistakes/run-facts.ts";
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
