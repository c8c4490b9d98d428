import type { Clock } from "../core/index.ts";
import { VENUE_NAMES, type VenueName } from "../venues/index.ts";
import { BestPriceHistory } from "./market/best-price-history.ts";
import { Market } from "./market/market.ts";
import { SilenceLog } from "./market/silence-log.ts";
import type { Tape } from "./market/tape/tape.ts";
import type { ExchangesOptions } from "./options.ts";
import { STUBS, type Stub } from "./stubs.ts";

/**
 * Everything that a reset discards and creates anew: the market, and each venue with its accounts and misbehaviors.
 */
export interface VenueInstances {
  readonly market: Market;
  readonly bestPrices: BestPriceHistory;
  readonly silences: SilenceLog;
  readonly venues: Readonly<Record<VenueName, Stub>>;
}

/** What the instances are created from. */
export interface VenueInstancesOptions {
  readonly options: ExchangesOptions;
  readonly seed: number;
  readonly tape: Tape;
  readonly clock: Clock;
  readonly onError: (cause: unknown) => void;
}

/** Creates the venues: new accounts, the tape at its beginning. */
export function createVenueInstances(from: VenueInstancesOptions): VenueInstances {
  const { options, seed, tape, clock, onError } = from;
  const { tapeSpeed, tapeTime, tapeStart } = options;
  const market = new Market({ tape, tapeSpeed, tapeTime, start: tapeStart, clock, onError });
  const bestPrices = new BestPriceHistory(market);
  const silences = new SilenceLog(market, clock);
  const context = { options, seed, clock, market };
  const venues = Object.fromEntries(VENUE_NAMES.map((name) => [name, STUBS[name](context)]));
  return { market, bestPrices, silences, venues: venues as Record<VenueName, Stub> };
}

/** Stops the tape and every timer of the venues. */
export function stopVenueInstances({ market, venues }: VenueInstances): void {
  market.stop();
  for (const venue of Object.values(venues)) venue.stop?.();
}
