export { CONTAINER_START_LIMIT_MS, type ProxyEngine } from "./docker/docker-settings.ts";
export { dockerVariables } from "./docker/docker-variables.ts";
export { sweepDockerLabs } from "./docker/sweep-containers.ts";
export { writeComposeFile, writeLinks } from "./docker/write-topology.ts";
export { faultContextOf } from "./fault-context.ts";
export type { Lab, LabAddresses } from "./lab.ts";
export type { LabOptions } from "./lab-options.ts";
export { type LabRecord, listLabs, sweepDeadLabs } from "./lab-record.ts";
export { LINK_NAMES, type LinkName } from "./links.ts";
export { startLocalLab } from "./local/start-local-lab.ts";
export type { Market } from "./market.ts";
export {
  type LedgerQueries,
  type PlatformDefinition,
  readPlatformDefinition,
} from "./platform-definition.ts";
export { RemotePowers } from "./powers/remote-powers.ts";
export type { ProcessDeath } from "./process-died-error.ts";
export { RUNTIME_NAMES, type Runtime, type RuntimeName, startLab } from "./start-lab.ts";
export { startersOf, untilOneEnds } from "./starters.ts";
export { openStateDirectory } from "./state-directory.ts";
export { stopLab } from "./stop-lab.ts";
export { labTemporaryDirectory } from "./temporary-directory.ts";
