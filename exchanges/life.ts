import type { Clock } from "../core/index.ts";
import { BinanceVenue } from "./binance/binance-venue.ts";
import { BistFeed } from "./bist/quote-feed.ts";
import { BtcturkVenue } from "./btcturk/btcturk-venue.ts";
import { BestPriceHistory } from "./market/best-price-history.ts";
import { Market } from "./market/market.ts";
import type { Tape } from "./market/tape/tape.ts";
import type { ExchangesOptions } from "./options.ts";

/** Everything that a reset throws away and makes anew: the market, the accounts, the misbehaviours. */
export interface Life {
  readonly market: Market;
  readonly bestPrices: BestPriceHistory;
  readonly binance: BinanceVenue;
  readonly btcturk: BtcturkVenue;
  readonly bist: BistFeed;
}

/** What a life is made from. */
export interface LifeOptions {
  readonly options: ExchangesOptions;
  readonly seed: number;
  readonly tape: Tape;
  readonly clock: Clock;
  readonly onError: (cause: unknown) => void;
}

/** Begins a life: fresh accounts, the tape at its beginning. */
export function beginLife({ options, seed, tape, clock, onError }: LifeOptions): Life {
  const market = new Market({
    tape,
    tapeSpeed: options.tapeSpeed,
    start: options.tapeStart,
    clock,
    onError,
  });
  const bestPrices = new BestPriceHistory(market);
  const binance = new BinanceVenue({
    market,
    seed,
    clock,
    credentials: { apiKey: options.binanceKey, apiSecret: options.binanceSecret },
    rateLimits: options.rateLimits,
    listenKeys: options.binanceListenKeys,
    connectionLifeMs: options.binanceConnectionLifeMs,
  });
  const btcturk = new BtcturkVenue({
    market,
    seed,
    clock,
    credentials: { publicKey: options.btcturkKey, privateKey: options.btcturkSecret },
    rateLimits: options.rateLimits,
  });
  return { market, bestPrices, binance, btcturk, bist: new BistFeed(seed, clock) };
}

/** Ends a life: its tape stands still, its timers are gone. */
export function endLife({ market, bist }: Life): void {
  market.stop();
  bist.stop();
}
