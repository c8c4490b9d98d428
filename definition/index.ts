export {
  type LedgerQueries,
  type PlatformDefinition,
  readPlatformDefinition,
} from "./platform-definition.ts";
export { type LabProcessName, PROCESS_NAME, platformNameSchema } from "./platform-name.ts";
