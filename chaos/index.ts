export { FaultProxyError } from "./client/deadline-http-client.ts";
export {
  type Bite,
  FaultProxyClient,
  type FaultProxyClientOptions,
  type LinkState,
  type LinkWish,
  type Stream,
  type ToxicState,
  type ToxicWish,
} from "./client/fault-proxy-client.ts";
export { FAULT_PROXY_MAIN } from "./fault-proxy-main.ts";
export type { FaultAttribute, FaultBite, FaultContext, FaultKind } from "./faults/fault-kind.ts";
export { type ActiveFault, injectFault } from "./faults/inject-fault.ts";
export { completeFault, parseFault } from "./faults/parse-fault.ts";
export {
  FAULT_KINDS,
  type Fault,
  type FaultKindName,
  type FaultOf,
  faultLabel,
} from "./faults/registry.ts";
