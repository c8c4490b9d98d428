export { FaultProxyError } from "./client/deadline-http-client.ts";
export {
  type FaultLease,
  FaultProxyClient,
  type FaultProxyClientOptions,
} from "./client/fault-proxy-client.ts";
export type {
  Bite,
  LeaseRecord,
  LinkState,
  LinkWish,
  Stream,
  ToxicState,
  ToxicWish,
} from "./client/fault-proxy-state.ts";
export type { LeaseState } from "./client/lease-keeper.ts";
export { TOXIPROXY_CLI, TOXIPROXY_SERVER } from "./conformance/engines/toxiproxy-engine.ts";
export { installGoProgram } from "./conformance/go-program.ts";
export { FAULT_PROXY_MAIN } from "./fault-proxy-main.ts";
export { documentFaults } from "./faults/document-faults.ts";
export type { FaultBite, FaultContext } from "./faults/fault-kind.ts";
export { type FaultInput, faultSchema } from "./faults/fault-schema.ts";
export { type ActiveFault, injectFault } from "./faults/inject-fault.ts";
export { completeFault, parseFault } from "./faults/parse-fault.ts";
export {
  FAULT_KINDS,
  type Fault,
  type FaultKindName,
  type FaultOf,
  faultLabel,
} from "./faults/registry.ts";
