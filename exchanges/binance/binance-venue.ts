import type { WebSocket } from "ws";
import type { Clock } from "../../core/index.ts";
import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import type { Market } from "../market/market.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import { Switchboard } from "../misbehaviours/switchboard.ts";
import type { TradingVenue } from "../venue.ts";
import { clientOrderIds, createBinanceEngine } from "./binance-account.ts";
import type { BinanceCredentials } from "./rest/authentication.ts";
import { type BinanceDesk, listedSymbols } from "./rest/desk.ts";
import { type RateLimitMode, RateLimits } from "./rest/rate-limits.ts";
import { answerBinance } from "./rest/rest-api.ts";
import { BINANCE_HEARTBEAT, StreamHub } from "./streams/stream-hub.ts";

/** What one life of the Binance stub is made of. */
export interface BinanceVenueOptions {
  readonly market: Market;
  readonly seed: number;
  readonly clock: Clock;
  readonly credentials: BinanceCredentials;
  readonly rateLimits: RateLimitMode;
}

const NEEDS_NO_MARKET = new Set(["/api/v3/ping", "/api/v3/time"]);

/** One life of the Binance stub, from start or reset to the next reset. */
export class BinanceVenue implements TradingVenue {
  readonly engine: MatchingEngine;
  readonly misbehaviours = new Switchboard();
  readonly #desk: BinanceDesk;
  readonly #hub: StreamHub;

  constructor(options: BinanceVenueOptions) {
    const { market, seed, clock, credentials } = options;
    this.engine = createBinanceEngine(seed, clock);
    this.#hub = new StreamHub(this.misbehaviours, BINANCE_HEARTBEAT);
    this.#desk = {
      market,
      engine: this.engine,
      misbehaviours: this.misbehaviours,
      limits: new RateLimits(clock, options.rateLimits),
      credentials,
      clock,
      freshClientOrderId: clientOrderIds(seed),
    };
    market.onOpen(() => this.#list(market));
    market.subscribe((event) => {
      this.engine.onMarketEvent(event);
      this.#hub.onMarketEvent(event);
    });
  }

  /** Answers a REST request; what needs the market waits until its books stand. */
  async answer(request: HttpRequest): Promise<HttpReply> {
    if (!NEEDS_NO_MARKET.has(request.path)) await this.#desk.market.ready;
    return answerBinance(this.#desk, request);
  }

  /** Takes a stream connection. */
  connect(socket: WebSocket, url: string): void {
    this.#hub.connect(socket, url);
  }

  #list(market: Market): void {
    for (const symbol of listedSymbols(market)) {
      const book = market.symbol(symbol.symbol)?.book;
      if (book !== undefined) this.engine.list({ ...symbol, step: symbol.stepSize, book });
    }
  }
}
