import type { MatchingEngine } from "./market/matching/matching-engine.ts";
import type { Switchboard } from "./misbehaviours/switchboard.ts";

/** What the control API sees of any venue. */
export interface Venue {
  readonly misbehaviours: Switchboard;
}

/** A venue that takes orders: the control API tells the truth about its account. */
export interface TradingVenue extends Venue {
  readonly engine: MatchingEngine;
}
