import type { WebSocket } from "ws";
import { type Clock, type Random, seededRandom } from "../../core/index.ts";
import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import { DayStatistics } from "../market/day-statistics.ts";
import type { Market } from "../market/market.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import { Switchboard } from "../misbehaviours/switchboard.ts";
import type { TradingVenue } from "../venue.ts";
import type { HeartbeatRule } from "../websocket/heartbeat.ts";
import { createBtcturkEngine } from "./btcturk-account.ts";
import { BTCTURK_HEARTBEAT, FeedHub } from "./feed/feed-hub.ts";
import { BtcturkAuthentication, type BtcturkCredentials } from "./rest/authentication.ts";
import { type BtcturkDesk, listedPairs } from "./rest/desk.ts";
import { answerBtcturk } from "./rest/rest-api.ts";

/** What one life of the BTCTurk stub is made of. */
export interface BtcturkVenueOptions {
  readonly market: Market;
  readonly seed: number;
  readonly clock: Clock;
  readonly credentials: BtcturkCredentials;
  readonly heartbeat?: HeartbeatRule;
}

const NEEDS_NO_MARKET = new Set(["/api/v2/server/ping", "/api/v2/server/time"]);

/** One life of the BTCTurk stub, from start or reset to the next reset. */
export class BtcturkVenue implements TradingVenue {
  readonly engine: MatchingEngine;
  readonly misbehaviours = new Switchboard();
  readonly #desk: BtcturkDesk;
  readonly #hub: FeedHub;

  constructor({ market, seed, clock, credentials, heartbeat = BTCTURK_HEARTBEAT }: BtcturkVenueOptions) {
    const { misbehaviours } = this;
    const statistics = new DayStatistics();
    this.engine = createBtcturkEngine(seed, clock);
    this.#hub = new FeedHub({ market, statistics, misbehaviours, seed, heartbeat });
    this.#desk = {
      ...{ market, engine: this.engine, statistics, misbehaviours, clock },
      authentication: new BtcturkAuthentication(credentials, clock),
      freshClientOrderId: clientOrderIds(seed),
    };
    market.onOpen(() => {
      for (const pair of listedPairs(market)) {
        const book = market.symbol(pair.symbol)?.book;
        if (book !== undefined) this.engine.list({ ...pair, book });
      }
      this.#hub.open();
    });
    market.subscribe((event) => {
      statistics.onMarketEvent(event);
      this.engine.onMarketEvent(event);
      this.#hub.onMarketEvent(event);
    });
  }

  /** Answers a REST request; what needs the market waits until its books stand. */
  async answer(request: HttpRequest): Promise<HttpReply> {
    if (!NEEDS_NO_MARKET.has(request.path)) await this.#desk.market.ready;
    return answerBtcturk(this.#desk, request);
  }

  /** Takes a connection to the feed. */
  connect(socket: WebSocket): void {
    this.#hub.connect(socket);
  }
}

/** The venue names orders that came without a client order id by a GUID. */
function clientOrderIds(seed: number): () => string {
  const random: Random = seededRandom(seed).fork("btcturk client order ids");
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.below(16).toString(16)).join("");
  return () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}
