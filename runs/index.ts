export { drillTriggers } from "./drill-triggers.ts";
export { type FiledLimit, type FindLimitOptions, findLimit } from "./find-limit.ts";
export { experimentsOf, PROFILES, type ProfileName, scenariosOf } from "./profiles.ts";
export { commandLine, DEFAULT_TIME_SCALE, runExperiments } from "./run-experiments.ts";
