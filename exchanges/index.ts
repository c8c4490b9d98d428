export { documentClients } from "./clients/clients-page.ts";
export type { VenueBalance, VenueOrder, VenueTrade } from "./control/account-record.ts";
export type { MisbehaviourView } from "./control/misbehaviour-endpoints.ts";
export type { Frequency, Misbehaviour } from "./misbehaviours/misbehaviour.ts";
export { documentMisbehaviours } from "./misbehaviours/reference.ts";
export type { ExchangesOptions, LooseExchangesOptions } from "./options.ts";
export {
  type ExchangesAddresses,
  type ExchangesHooks,
  type RunningExchanges,
  startExchanges,
} from "./start-exchanges.ts";
