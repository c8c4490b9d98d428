import type { WebSocket } from "ws";
import { type Random, seededRandom } from "../../../core/index.ts";
import type { DayStatistics } from "../../market/day-statistics.ts";
import type { Market } from "../../market/market.ts";
import type { MarketEvent } from "../../market/market-event.ts";
import { gap } from "../../misbehaviours/gap.ts";
import type { Switchboard } from "../../misbehaviours/switchboard.ts";
import { type HeartbeatRule, keepHeartbeat } from "../../websocket/heartbeat.ts";
import { listedPairs } from "../rest/desk.ts";
import { FeedClient } from "./feed-client.ts";
import { frame, MODEL } from "./frames.ts";
import { PairFeed } from "./pair-feed.ts";

/** The venue pings every 15 s and closes at about 45 s without a pong. */
export const BTCTURK_HEARTBEAT: HeartbeatRule = { pingIntervalMs: 15_000, pongTimeoutMs: 45_000 };

/** Tape time between two frames of `obdiff`, as captured. */
const BEAT_MS = 764;
const NORMAL_CLOSURE = 1000;

/** What the feed of one life is made of. */
export interface FeedHubOptions {
  readonly market: Market;
  readonly statistics: DayStatistics;
  readonly misbehaviours: Switchboard;
  readonly seed: number;
  readonly heartbeat: HeartbeatRule;
}

/** The WebSocket feed of one life of the stub. */
export class FeedHub {
  readonly #options: FeedHubOptions;
  readonly #random: Random;
  readonly #listeners = new Map<string, Set<FeedClient>>();
  readonly #feeds = new Map<string, { feed: PairFeed; nextBeatMs: number }>();

  constructor(options: FeedHubOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed).fork("btcturk change sets");
  }

  /** Opens the pairs, once the market's books stand. */
  open(): void {
    const { market, statistics } = this.#options;
    for (const pair of listedPairs(market)) {
      const symbolMarket = market.symbol(pair.symbol);
      if (symbolMarket === undefined) continue;
      this.#feeds.set(pair.symbol, { feed: new PairFeed(pair, symbolMarket, statistics), nextBeatMs: 0 });
    }
    // Who joined while the books were loading starts now.
    for (const [key, clients] of this.#listeners) for (const client of clients) this.#greet(client, key);
  }

  connect(socket: WebSocket): void {
    const firstChangeSet = (): number => 1_000_000 + this.#random.below(4_000_000);
    new FeedClient(socket, this, { misbehaviours: this.#options.misbehaviours, firstChangeSet });
    keepHeartbeat(socket, this.#options.heartbeat, () => socket.close(NORMAL_CLOSURE));
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

  onMarketEvent(event: MarketEvent): void {
    const held = this.#feeds.get(event.symbol);
    if (held === undefined) return;
    if (event.kind === "trade") {
      const clients = this.#listeners.get(`trade:${event.symbol}`);
      if (clients !== undefined) this.#push(clients, held.feed.trade(event.trade));
    }
    if (event.kind !== "depth") return;
    const { eventMs } = event.diff;
    if (held.nextBeatMs === 0) held.nextBeatMs = eventMs + BEAT_MS;
    if (eventMs < held.nextBeatMs) return;
    held.nextBeatMs = Math.max(held.nextBeatMs + BEAT_MS, eventMs);
    this.#beat(held.feed);
  }

  /** What a client gets at once when it joins. Unknown pairs and channels get nothing, now and ever. */
  #greet(client: FeedClient, key: string): void {
    const [channel = "", event = ""] = key.split(":");
    if (key === "ticker:all" && this.#feeds.size > 0) client.push(this.#allTickers());
    const feed = this.#feeds.get(event)?.feed;
    if (feed === undefined) return;
    if (channel === "obdiff" || channel === "orderbook") client.pushBook(key, feed.book(channel));
    if (channel === "ticker") client.push(feed.ticker());
    if (channel === "trade") client.push(feed.tradeList());
  }

  #beat(feed: PairFeed): void {
    const { symbol } = feed.pair;
    const { change, book, ticker } = feed.beat();
    const differs = this.#listeners.get(`obdiff:${symbol}`);
    if (change !== undefined && differs !== undefined) {
      const isSwallowed = this.#options.misbehaviours.bites(gap);
      for (const client of differs) client.pushBook(`obdiff:${symbol}`, change, isSwallowed);
    }
    for (const client of this.#listeners.get(`orderbook:${symbol}`) ?? []) {
      if (book !== undefined) client.pushBook(`orderbook:${symbol}`, book);
    }
    if (ticker === undefined) return;
    this.#push(this.#listeners.get(`ticker:${symbol}`) ?? [], ticker);
    const all = this.#listeners.get("ticker:all");
    if (all !== undefined) this.#push(all, this.#allTickers());
  }

  #allTickers(): Buffer {
    const items = [...this.#feeds.values()].map(({ feed }) => feed.tickerFields());
    return frame(MODEL.tickerAll, { items, channel: "ticker", event: "all", type: MODEL.tickerAll });
  }

  #push(clients: Iterable<FeedClient>, text: Buffer): void {
    for (const client of clients) client.push(text);
  }
}
