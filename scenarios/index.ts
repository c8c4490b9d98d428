export { type FiledLimit, findLimit, type LimitWish } from "./backpressure/find-limit.ts";
export { PLANTED_CAUSES, type PlantedCause } from "./backpressure/planted-causes.ts";
export { CATALOGUE } from "./catalogue.ts";
export { DRILL_CONDITIONS } from "./drills/catalogue.ts";
export { type DrillWish, drillTriggers, type FiledDrill } from "./drills/drill-triggers.ts";
export { experimentsOf, PROFILES, type Profile, type ProfileName, scenariosOf } from "./profiles.ts";
export {
  commandLine,
  DEFAULT_TIME_SCALE,
  type ExperimentsOptions,
  type FiledRun,
  runExperiments,
} from "./run-experiments.ts";
