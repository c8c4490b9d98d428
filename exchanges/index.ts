export { documentEndpoints } from "./binance/documented/endpoints-page.ts";
export { documentClients } from "./clients/clients-page.ts";
export type { MisbehaviorView } from "./control/misbehavior-endpoints.ts";
export { documentMisbehaviors } from "./misbehaviors/reference.ts";
export {
  type RunningExchanges,
  startExchanges,
} from "./start-exchanges.ts";
