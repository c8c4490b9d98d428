import type { MarketSession } from "./bist/market-session.ts";
import type { MatchingEngine } from "./market/matching/matching-engine.ts";
import type { Switchboard } from "./misbehaviors/switchboard.ts";

/** The part of any venue that the control API uses. */
export interface Venue {
  readonly misbehaviors: Switchboard;
}

/** A venue that takes orders: the control API reads its own books of the account. */
export interface TradingVenue extends Venue {
  readonly engine: MatchingEngine;
}

/** A venue with trading hours: the control API sets its phase. */
export interface SessionVenue extends Venue {
  readonly session: MarketSession;
}

/** Any venue, as the control API uses it. */
export type AnyVenue = Venue | TradingVenue | SessionVenue;
