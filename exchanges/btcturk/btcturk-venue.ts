import type { WebSocket } from "ws";
import { type Clock, type Random, seededRandom } from "../../core/index.ts";
import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import { DayStatistics } from "../market/day-statistics.ts";
import type { Market, SymbolMarket } from "../market/market.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import { skewedClock } from "../misbehaviors/clock-skew.ts";
import { LateFills } from "../misbehaviors/late-fill.ts";
import { answerMisbehaving, type MisbehavingVenue } from "../misbehaviors/rest-misbehaviors.ts";
import { staleBook } from "../misbehaviors/stale-book.ts";
import { Switchboard } from "../misbehaviors/switchboard.ts";
import { Zombies } from "../misbehaviors/zombie-order.ts";
import type { TradingVenue } from "../venue.ts";
import type { HeartbeatRule } from "../websocket/heartbeat.ts";
import { createBtcturkEngine } from "./btcturk-account.ts";
import { AccountFeed } from "./feed/account-feed.ts";
import type { Login } from "./feed/client-frame.ts";
import { BTCTURK_HEARTBEAT, FeedHub } from "./feed/feed-hub.ts";
import { BtcturkAuthentication, type BtcturkCredentials } from "./rest/authentication.ts";
import { type BtcturkContext, listedPairs, type VisibleBook } from "./rest/context.ts";
import { BtcturkRateLimits, type RateLimitMode } from "./rest/rate-limits.ts";
import { answerBtcturk } from "./rest/rest-api.ts";

/** What an instance of the BTCTurk stub is made from. */
export interface BtcturkVenueOptions {
  readonly market: Market;
  readonly seed: number;
  readonly clock: Clock;
  readonly credentials: BtcturkCredentials;
  readonly rateLimits: RateLimitMode;
  readonly heartbeat?: HeartbeatRule;
}

const VISIBLE_LEVELS = 100;
const POLICY_VIOLATION = 1008;
const NEEDS_NO_MARKET = new Set(["/api/v2/server/ping", "/api/v2/server/time"]);

/** One instance of the BTCTurk stub; a reset replaces it by another. */
export class BtcturkVenue implements TradingVenue {
  readonly engine: MatchingEngine;
  readonly misbehaviors: Switchboard;
  readonly #misbehaving: MisbehavingVenue;
  readonly #context: BtcturkContext;
  readonly #hub: FeedHub;

  constructor(options: BtcturkVenueOptions) {
    const { market, seed, clock, credentials, rateLimits, heartbeat = BTCTURK_HEARTBEAT } = options;
    const misbehaviors = new Switchboard({ venue: "btcturk", seed, clock });
    const skewed = skewedClock(clock, misbehaviors);
    const statistics = new DayStatistics();
    this.misbehaviors = misbehaviors;
    this.engine = createBtcturkEngine(seed, clock);
    this.#misbehaving = { switchboard: misbehaviors, engine: this.engine, clock };
    const authentication = new BtcturkAuthentication(credentials, skewed);
    const account = new AccountFeed(this.engine, misbehaviors);
    const checkLogin = (login: Login) => authentication.loginRefusal(login);
    this.#hub = new FeedHub({
      ...{ market, statistics, misbehaviors, account, checkLogin, seed, clock, heartbeat },
    });
    this.#context = {
      ...{ market, engine: this.engine, statistics, misbehaviors, clock: skewed, authentication },
      limits: new BtcturkRateLimits(clock, rateLimits),
      freshClientOrderId: clientOrderIds(seed),
      openedAtMs: clock.nowMs(),
      visibleBook: (symbolMarket) => this.#visibleBook(symbolMarket),
      announceCancel: (order) => account.announceCancel(order),
      lateFills: new LateFills(),
      zombies: new Zombies(),
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

  /** Answers a REST request; requests that need the market wait until its books are loaded. */
  async answer(request: HttpRequest): Promise<HttpReply> {
    if (!NEEDS_NO_MARKET.has(request.path)) await this.#context.market.ready;
    return answerMisbehaving(this.#misbehaving, request, () => answerBtcturk(this.#context, request));
  }

  /** REST shows the current book, unless the misbehavior `stale-book` is active. */
  #visibleBook({ symbol, book }: SymbolMarket): VisibleBook {
    const late =
      this.misbehaviors.active(staleBook) === undefined ? undefined : this.#hub.publishedBook(symbol);
    return late ?? { bids: book.top("bids", VISIBLE_LEVELS), asks: book.top("asks", VISIBLE_LEVELS) };
  }

  /** Accepts a connection to the feed. */
  connect(socket: WebSocket): void {
    if (this.#context.limits.mayConnect()) this.#hub.connect(socket);
    else socket.close(POLICY_VIOLATION, "TOO_MANY_REQUESTS");
  }
}

/** An order without a client order id gets a GUID, as at the venue. */
function clientOrderIds(seed: number): () => string {
  const random: Random = seededRandom(seed).fork("btcturk client order ids");
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.below(16).toString(16)).join("");
  return () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}
