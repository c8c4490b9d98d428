export { type DrillWish, drillTriggers, type FiledDrill } from "./drill-triggers.ts";
export { type FiledLimit, findLimit, type LimitWish } from "./find-limit.ts";
export { experimentsOf, PROFILES, type Profile, type ProfileName, scenariosOf } from "./profiles.ts";
export {
  commandLine,
  DEFAULT_TIME_SCALE,
  type ExperimentsOptions,
  type FiledRun,
  runExperiments,
} from "./run-experiments.ts";
