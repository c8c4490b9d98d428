export { CATALOGUE } from "./catalogue.ts";
export { experimentsOf, PROFILES, type Profile, type ProfileName, scenariosOf } from "./profiles.ts";
export {
  DEFAULT_TIME_SCALE,
  type ExperimentsOptions,
  type FiledRun,
  runExperiments,
} from "./run-experiments.ts";
