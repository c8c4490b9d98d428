export type { BackpressureEvent, BackpressureListener } from "./backpressure/backpressure-event.ts";
export { runBackpressure } from "./backpressure/run-backpressure.ts";
export { type DrilledRule, drilledRules } from "./drill/candidates.ts";
export type { Act, DrillCondition, DrillLoad } from "./drill/condition.ts";
export type { DrillEvent, DrillListener } from "./drill/drill-event.ts";
export { checkTimeScale, type DrillOptions, runDrills } from "./drill/run-drills.ts";
export type { Condition } from "./experiment/condition.ts";
export type { LabFaultInput } from "./experiment/lab-fault.ts";
export { ORDINARY_CONDITIONS } from "./experiment/ordinary-conditions.ts";
export type { RunEvent, RunListener } from "./experiment/run-event.ts";
export {
  defineScenario,
  ORDINARY_LOAD,
  type Scenario,
  type ScenarioInput,
} from "./experiment/scenario.ts";
export { ALL_INVARIANTS, type InvariantName } from "./invariants/registry.ts";
export { type RunContext, runScenario } from "./run.ts";
export { type Experiment, runSuite, type SuiteOptions } from "./run-suite.ts";
