import type { WebSocket } from "ws";
import type { Clock } from "../core/index.ts";
import type { VenueName, VenueOf } from "../venues/index.ts";
import { BinanceVenue } from "./binance/binance-venue.ts";
import { BistFeed } from "./bist/quote-feed.ts";
import { BtcturkVenue } from "./btcturk/btcturk-venue.ts";
import type { HttpHandler } from "./http/http-server.ts";
import type { Market } from "./market/market.ts";
import type { ExchangesOptions } from "./options.ts";
import type { AnyVenue, TradingVenue, Venue } from "./venue.ts";

/** What a stub is made from. */
export interface StubContext {
  readonly options: ExchangesOptions;
  readonly seed: number;
  readonly clock: Clock;
  /** The market that the tape plays; a venue may have a market of its own. */
  readonly market: Market;
}

interface RestStub {
  readonly answer: HttpHandler;
}

interface SocketStub {
  /** Serves a connected client; path and query are those of its request. */
  connect(socket: WebSocket, url: string): void;
}

/** The interface of a venue's stub, determined by the venue's entry in the table. */
type StubOf<Name extends VenueName> = Venue &
  ("rest" extends VenueOf<Name>["channels"][number] ? RestStub : unknown) &
  ("ws" extends VenueOf<Name>["channels"][number] ? SocketStub : unknown) &
  (VenueOf<Name>["orders"]["kind"] extends "taken" ? TradingVenue : unknown);

/** Any stub. A stub with `stop` has timers or sockets that must end with it. */
export type Stub = AnyVenue & Partial<RestStub & SocketStub & { stop(): void }>;

/** How the stub of each venue is created, by the venue's name. */
export const STUBS: { readonly [Name in VenueName]: (context: StubContext) => StubOf<Name> } = {
  binance: ({ market, seed, clock, options }) =>
    new BinanceVenue({
      market,
      seed,
      clock,
      credentials: { apiKey: options.binanceKey, apiSecret: options.binanceSecret },
      rateLimits: options.rateLimits,
      listenKeys: options.binanceListenKeys,
      connectionLifeMs: options.binanceConnectionLifeMs,
    }),
  btcturk: ({ market, seed, clock, options }) =>
    new BtcturkVenue({
      market,
      seed,
      clock,
      credentials: { publicKey: options.btcturkKey, privateKey: options.btcturkSecret },
      rateLimits: options.rateLimits,
    }),
  bist: ({ seed, clock }) => new BistFeed(seed, clock),
};
