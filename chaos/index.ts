export { FaultProxyError } from "./client/deadline-http-client.ts";
export { type FaultLease, FaultProxyClient } from "./client/fault-proxy-client.ts";
export type { LinkState, ToxicState } from "./client/fault-proxy-state.ts";
export type { LeaseState } from "./client/lease-keeper.ts";
export { TOXIPROXY_CLI, TOXIPROXY_SERVER } from "./conformance/engines/toxiproxy-engine.ts";
export { installGoProgram } from "./conformance/go-program.ts";
export { installShopifyTests } from "./conformance/shopify/shopify-tests.ts";
export { FAULT_PROXY_MAIN } from "./fault-proxy-main.ts";
export { cspReport, madeUpDirective } from "./faults/csp-report.ts";
export { documentFaults } from "./faults/document-faults.ts";
export type { FaultContext } from "./faults/fault-kind.ts";
export { type FaultInput, faultSchema } from "./faults/fault-schema.ts";
export type { FaultyClients } from "./faults/faulty-clients.ts";
export type { FaultyDatabase, PoolChange } from "./faults/faulty-database.ts";
export type { ClockSight, FaultyProcesses, SteppedClock } from "./faults/faulty-processes.ts";
export { type ActiveFault, injectFault } from "./faults/inject-fault.ts";
export { checkFaultLink, type LinkProtocol } from "./faults/link-protocol.ts";
export {
  defineFault,
  type OwnFault,
  type OwnFaultContext,
  type OwnInjection,
} from "./faults/own-fault.ts";
export { completeFault, parseFault } from "./faults/parse-fault.ts";
export { FAULT_KINDS, type Fault, faultLabel, kindOf } from "./faults/registry.ts";
export type { StruckProcess } from "./faults/struck-process.ts";
