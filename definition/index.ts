export type { ReleaseTraffic } from "./canary-section.ts";
export { documentDefinition, platformJsonSchema } from "./definition-schema.ts";
export { type FirstAnswers, firstDefinition, firstScenario } from "./first-files.ts";
export {
  type LedgerQueries,
  locatePlatformDefinition,
  type PlatformDefinition,
  readPlatformDefinition,
} from "./platform-definition.ts";
export { type LabProcessName, PROCESS_NAME, platformNameSchema } from "./platform-name.ts";
export {
  type PoolMode,
  type ReleaseDefinition,
  readReleaseDefinition,
  releaseJsonSchema,
} from "./release-definition.ts";
export { SPARK_DEFINITION } from "./spark.ts";
