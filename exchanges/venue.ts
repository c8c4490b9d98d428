import type { MarketSession } from "./bist/market-session.ts";
import type { MatchingEngine } from "./market/matching/matching-engine.ts";
import type { Switchboard } from "./misbehaviors/switchboard.ts";

/** What the control API sees of any venue. */
export interface Venue {
  readonly misbehaviors: Switchboard;
}

/** A venue that takes orders: the control API tells what its account really holds. */
export interface TradingVenue extends Venue {
  readonly engine: MatchingEngine;
}

/** A venue that trades at certain hours: the control API sets its phase. */
export interface SessionVenue extends Venue {
  readonly session: MarketSession;
}

/** Any venue, as the control API finds it. */
export type AnyVenue = Venue | TradingVenue | SessionVenue;
