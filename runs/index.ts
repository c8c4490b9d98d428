export { checkInLab } from "./check-in-lab.ts";
export {
  type Configuration,
  type ConfigurationInput,
  defineConfig,
  NO_CONFIGURATION,
} from "./configuration/configuration.ts";
export { readConfiguration } from "./configuration/read-configuration.ts";
export { drillTriggers } from "./drill-triggers.ts";
export { type FindLimitOptions, findLimit } from "./find-limit.ts";
export { KeptLab } from "./kept-lab.ts";
export { experimentsOf, PROFILES, type ProfileName, scenariosOf } from "./profiles.ts";
export { readRunFacts } from "./read-run-facts.ts";
export { rebuildRun } from "./reconstruction/rebuild-run.ts";
export { badScenarios } from "./require-valid.ts";
export { commandLine, DEFAULT_TIME_SCALE, runExperiments } from "./run-experiments.ts";
export type { FiledRun } from "./run-filing.ts";
export { runSecrets } from "./run-secrets.ts";
export {
  findScenarios,
  type SelectedScenario,
  type Selection,
  type SelectionResult,
  selectScenarios,
} from "./selection/select-scenarios.ts";
export { startProvenLab } from "./start-proven-lab.ts";
export { verifyRun } from "./verification/verify-run.ts";
