export {
  type LedgerQueries,
  type PlatformDefinition,
  readPlatformDefinition,
} from "./platform-definition.ts";
export { type LabProcessName, PROCESS_NAME, platformNameSchema } from "./platform-name.ts";
export { SPARK_DEFINITION } from "./spark.ts";
export { readYaml } from "./yaml-source.ts";
