export { ALL_INVARIANTS, type InvariantName } from "./invariants/registry.ts";
export { type RunContext, runScenario } from "./run.ts";
export type { RunEvent, RunListener } from "./run-event.ts";
export { type Experiment, runSuite, type SuiteOptions } from "./run-suite.ts";
export type {
  Condition,
  Expectation,
  Occurrence,
  Scenario,
  ScenarioLoad,
  ScenarioTiming,
  ScheduledFault,
} from "./scenario.ts";
