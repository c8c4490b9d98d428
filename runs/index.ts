export { type DrillTriggersOptions, drillTriggers, type FiledDrill } from "./drill-triggers.ts";
export { type FiledLimit, type FindLimitOptions, findLimit } from "./find-limit.ts";
export { experimentsOf, PROFILES, type Profile, type ProfileName, scenariosOf } from "./profiles.ts";
export {
  commandLine,
  DEFAULT_TIME_SCALE,
  type ExperimentsOptions,
  type FiledRun,
  runExperiments,
} from "./run-experiments.ts";
