import type { WebSocket } from "ws";
import { type Clock, type Random, seededRandom } from "../../../core/index.ts";
import { DelayLine } from "../../delay-line.ts";
import type { DayStatistics } from "../../market/day-statistics.ts";
import type { Market } from "../../market/market.ts";
import type { MarketEvent } from "../../market/market-event.ts";
import { gap } from "../../misbehaviors/gap.ts";
import { staleBook } from "../../misbehaviors/stale-book.ts";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import { type HeartbeatRule, keepHeartbeat } from "../../websocket/heartbeat.ts";
import { listedPairs, type VisibleBook } from "../rest/context.ts";
import type { AccountFeed } from "./account-feed.ts";
import type { Login } from "./client-frame.ts";
import { type FeedChannels, FeedClient } from "./feed-client.ts";
import { frame, MODEL } from "./frames.ts";
import { PairFeed } from "./pair-feed.ts";

/** The venue pings every 15 s and closes a connection about 45 s after the last pong. */
export const BTCTURK_HEARTBEAT: HeartbeatRule = { pingIntervalMs: 15_000, pongTimeoutMs: 45_000 };

/** Tape time between two frames of `obdiff`, as captured. */
const BEAT_MS = 764;
const NORMAL_CLOSURE = 1000;

/** What the feed of an instance is made from. */
export interface FeedHubOptions {
  readonly market: Market;
  readonly statistics: DayStatistics;
  readonly misbehaviors: Switchboard;
  readonly account: AccountFeed;
  /** Returns the reason when a login is refused. */
  readonly checkLogin: (login: Login) => string | undefined;
  readonly seed: number;
  readonly clock: Clock;
  readonly heartbeat: HeartbeatRule;
}

interface OpenPair {
  readonly feed: PairFeed;
  readonly books: DelayLine<VisibleBook>;
  nextBeatMs: number;
}

/** The WebSocket feed of an instance of the stub. */
export class FeedHub implements FeedChannels {
  readonly #options: FeedHubOptions;
  readonly #random: Random;
  readonly #listeners = new Map<string, Set<FeedClient>>();
  readonly #pairs = new Map<string, OpenPair>();

  constructor(options: FeedHubOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed).fork("btcturk change sets");
  }

  /** Creates the pairs, once the market's books are loaded. */
  open(): void {
    const { market, statistics, misbehaviors, clock } = this.#options;
    for (const pair of listedPairs(market)) {
      const symbolMarket = market.symbol(pair.symbol);
      if (symbolMarket === undefined) continue;
      const feed = new PairFeed(pair, symbolMarket, { statistics, occasions: misbehaviors });
      const books = new DelayLine<VisibleBook>(clock, (book) => this.#show(feed, book));
      this.#pairs.set(pair.symbol, { feed, books, nextBeatMs: 0 });
    }
    // Clients that joined while the books were loading get their first frames now.
    for (const [key, clients] of this.#listeners) for (const client of clients) this.#greet(client, key);
  }

  connect(socket: WebSocket): void {
    const firstChangeSet = (): number => 1_000_000 + this.#random.below(4_000_000);
    new FeedClient(socket, this, { misbehaviors: this.#options.misbehaviors, firstChangeSet });
    keepHeartbeat(socket, this.#options.heartbeat, () => socket.close(NORMAL_CLOSURE));
  }

  /** A pair's book as last published. */
  publishedBook(symbol: string): VisibleBook | undefined {
    return this.#pairs.get(symbol)?.feed.publishedBook;
  }

  joined(client: FeedClient, key: string): void {
    const clients = this.#listeners.get(key);
    if (clients === undefined) this.#listeners.set(key, new Set([client]));
    else clients.add(client);
    this.#greet(client, key);
  }

  left(client: FeedClient, key: string): void {
    const clients = this.#listeners.get(key);
    clients?.delete(client);
    if (clients?.size === 0) this.#listeners.delete(key);
  }

  requested(client: FeedClient, key: string, model: number): void {
    const { channel, symbol } = placeOf(key);
    const feed = this.#pairs.get(symbol)?.feed;
    if (feed !== undefined && channel === "trade" && model === MODEL.tradeList) client.push(feed.tradeList());
  }

  loggedIn(client: FeedClient, login: Login): string | undefined {
    const refusal = this.#options.checkLogin(login);
    if (refusal === undefined) this.#options.account.add(client);
    return refusal;
  }

  closed(client: FeedClient): void {
    this.#options.account.remove(client);
  }

  onMarketEvent(event: MarketEvent): void {
    const open = this.#pairs.get(event.symbol);
    if (open === undefined) return;
    if (event.kind === "trade") {
      const clients = this.#listeners.get(`trade:${event.symbol}`);
      if (clients !== undefined) this.#push(clients, open.feed.trade(event.trade));
    }
    if (event.kind !== "depth") return;
    const { eventMs } = event.diff;
    if (open.nextBeatMs === 0) open.nextBeatMs = eventMs + BEAT_MS;
    if (eventMs < open.nextBeatMs) return;
    open.nextBeatMs = Math.max(open.nextBeatMs + BEAT_MS, eventMs);
    this.#beat(open);
  }

  /**
   * What a client receives at once when it joins. For unknown pairs and channels it never receives anything.
   */
  #greet(client: FeedClient, key: string): void {
    if (key === "ticker:all" && this.#pairs.size > 0) client.push(this.#allTickers());
    const { channel, symbol, resolution } = placeOf(key);
    const feed = this.#pairs.get(symbol)?.feed;
    if (feed === undefined) return;
    if (channel === "obdiff" || channel === "orderbook") client.pushBook(key, feed.book(channel));
    if (channel === "ticker") client.push(feed.ticker());
    if (channel === "trade") client.push(feed.tradeList());
    if (channel === "tradeview") this.#push([client], feed.candle(resolution));
  }

  /** Tickers are sent every time, changed or not; books only when they changed. */
  #beat({ feed, books }: OpenPair): void {
    const { symbol } = feed.pair;
    const stale = this.#options.misbehaviors.strikes(staleBook);
    books.put(feed.currentBook(), stale?.delayMs ?? 0);
    const listeners = this.#listeners.get(`ticker:${symbol}`);
    if (listeners !== undefined) this.#push(listeners, feed.ticker());
    const all = this.#listeners.get("ticker:all");
    if (all !== undefined) this.#push(all, this.#allTickers());
    for (const [key, clients] of this.#listeners) {
      const place = placeOf(key);
      if (place.channel !== "tradeview" || place.symbol !== symbol) continue;
      this.#push(clients, feed.candle(place.resolution));
    }
  }

  #show(feed: PairFeed, visible: VisibleBook): void {
    const { symbol } = feed.pair;
    const update = feed.update(visible);
    if (update === undefined) return;
    const diffs = this.#listeners.get(`obdiff:${symbol}`);
    if (diffs !== undefined) {
      const change = update.change();
      const isSwallowed = this.#options.misbehaviors.bites(gap);
      for (const client of diffs) client.pushBook(`obdiff:${symbol}`, change, isSwallowed);
    }
    const wholes = this.#listeners.get(`orderbook:${symbol}`);
    if (wholes === undefined) return;
    const book = update.book();
    for (const client of wholes) client.pushBook(`orderbook:${symbol}`, book);
  }

  #allTickers(): Buffer {
    const items = [...this.#pairs.values()].map(({ feed }) => feed.tickerFields());
    return frame(MODEL.tickerAll, { items, channel: "ticker", event: "all", type: MODEL.tickerAll });
  }

  #push(clients: Iterable<FeedClient>, text: Buffer | undefined): void {
    if (text !== undefined) for (const client of clients) client.push(text);
  }
}

/** The parts of `channel:event`. The event of `tradeview` is a pair and a resolution: `BTCUSDT_60`. */
function placeOf(key: string): { channel: string; symbol: string; resolution: string } {
  const at = key.indexOf(":");
  const [channel, event] = [key.slice(0, at), key.slice(at + 1)];
  const [symbol = "", resolution = ""] = channel === "tradeview" ? event.split(/[_\\]/) : [event];
  return { channel, symbol, resolution };
}
