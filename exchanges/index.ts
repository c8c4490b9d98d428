export { documentClients } from "./clients/clients-page.ts";
export type { MisbehaviourView } from "./control/misbehaviour-endpoints.ts";
export { documentMisbehaviours } from "./misbehaviours/reference.ts";
export {
  type RunningExchanges,
  startExchanges,
} from "./start-exchanges.ts";
