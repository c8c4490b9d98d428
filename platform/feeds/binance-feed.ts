import { z } from "zod";
import type { Defects } from "../defects.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Metrics, ResyncReason } from "../metrics.ts";
import type { VenueLink } from "../venues/venue-link.ts";
import { BinanceBook, type BookStep, type DepthSnapshot } from "./binance-book.ts";
import {
  type Feed,
  FeedCounters,
  Heartbeats,
  type Quote,
  type QuoteListener,
  QuotePublisher,
} from "./feed.ts";
import { ReconnectingSocket } from "./reconnecting-socket.ts";

export interface FeedOptions {
  readonly webSocketUrl: string;
  readonly symbols: readonly string[];
  readonly staleAfterMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly defects: Defects;
  readonly onQuote: QuoteListener;
}

const levels = z.array(z.tuple([z.string(), z.string()]));
const snapshotReply = z.object({ lastUpdateId: z.number(), bids: levels, asks: levels });
const depthUpdate = z.object({
  data: z.object({
    e: z.literal("depthUpdate"),
    s: z.string(),
    U: z.number(),
    u: z.number(),
    b: levels,
    a: levels,
  }),
});

/** Enough for every book to be complete, and for a while of trading. */
const FROZEN_AFTER = 60;
const SNAPSHOT_LEVELS = 1_000;
/**
 * The least time between two snapshots of a symbol, in ms: each has weight 50 of the 6000 allowed a minute.
 */
const SNAPSHOT_PAUSE_MS = 250;

/** A frame of Binance's combined depth stream, or undefined when the text is not one. */
export function readDepthUpdate(text: string): DepthUpdateOf | undefined {
  return depthUpdate.safeParse(parse(text)).data?.data;
}

/** The answer of `GET /api/v3/depth`, or undefined when the text is not one. */
export function readDepthSnapshot(text: string): DepthSnapshot | undefined {
  return snapshotReply.safeParse(parse(text)).data;
}

/** An update and its symbol. */
type DepthUpdateOf = z.infer<typeof depthUpdate>["data"];

/** Binance's depth stream: one book per symbol. */
export class BinanceFeed implements Feed {
  readonly name = "binance";
  readonly #options: FeedOptions;
  readonly #rest: VenueLink;
  readonly #books: Map<string, BinanceBook>;
  readonly #fetching = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #heartbeats: Heartbeats;
  readonly #publisher: QuotePublisher;
  readonly #counters: FeedCounters;
  readonly #socket: ReconnectingSocket;
  #stopped = false;
  #received = 0;
  connected = false;

  constructor(options: FeedOptions, rest: VenueLink) {
    this.#options = options;
    this.#rest = rest;
    const ignoreGaps = options.defects.has("no-resync"); // DEFECT no-resync
    this.#books = new Map(options.symbols.map((symbol) => [symbol, new BinanceBook(ignoreGaps)]));
    this.#heartbeats = new Heartbeats(options.symbols);
    this.#publisher = new QuotePublisher("binance", options.onQuote);
    this.#counters = new FeedCounters("binance", options.metrics);
    const streams = options.symbols.map((symbol) => `${symbol.toLowerCase()}@depth@100ms`).join("/");
    this.#socket = new ReconnectingSocket({
      url: `${options.webSocketUrl}/stream?streams=${streams}`,
      silentAfterMs: options.staleAfterMs,
      isData: (text) => text.includes('"depthUpdate"'),
      events: {
        onOpen: () => {
          this.connected = true;
        },
        onMessage: (text) => this.#onMessage(text),
        onClose: (reason) => this.#onClose(reason),
      },
    });
  }

  get synced(): boolean {
    return [...this.#books.values()].every((book) => book.synced);
  }

  get stalenessMs(): number {
    return this.#heartbeats.oldestMs;
  }

  stalenessOf(symbol: string): number {
    return this.#heartbeats.ageMs(symbol);
  }

  quote(symbol: string): Quote | undefined {
    return this.#books.get(symbol)?.synced === true ? this.#publisher.last(symbol) : undefined;
  }

  stop(): void {
    this.#stopped = true;
    this.#socket.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #onMessage(text: string): void {
    if (!text.includes('"depthUpdate"')) return;
    this.#received += 1;
    if (this.#received > FROZEN_AFTER && this.#options.defects.has("frozen-feed")) return; // DEFECT frozen-feed
    const update = readDepthUpdate(text);
    const book = update === undefined ? undefined : this.#books.get(update.s);
    if (update === undefined || book === undefined) {
      this.#options.log.warn({ feed: this.name }, "a depth message could not be read");
      this.#socket.restart("malformed");
      return;
    }
    this.#counters.message();
    this.#heartbeats.beat(update.s);
    this.#after(update.s, book, book.onUpdate(update));
  }

  #after(symbol: string, book: BinanceBook, step: BookStep): void {
    if (step === "gap" || step === "crossed") {
      this.#counters.resync(step);
      this.#options.log.warn({ feed: this.name, symbol, step }, "the book is rebuilt");
    }
    const top = book.synced ? book.book.top : undefined;
    if (top !== undefined) this.#publisher.publish(symbol, top);
    if (!book.synced) void this.#fetchSnapshot(symbol, book);
  }

  async #fetchSnapshot(symbol: string, book: BinanceBook): Promise<void> {
    if (this.#stopped || this.#fetching.has(symbol)) return;
    this.#fetching.add(symbol);
    const query = new URLSearchParams({ symbol, limit: String(SNAPSHOT_LEVELS) });
    const outcome = await this.#rest.call("depth", `/api/v3/depth?${query}`, { method: "GET" });
    const snapshot =
      outcome.kind === "answer" && outcome.status === 200 ? readDepthSnapshot(outcome.body) : undefined;
    this.#fetching.delete(symbol);
    if (this.#stopped || !this.connected || book.synced) return;
    const step = snapshot === undefined ? "needs-snapshot" : book.onSnapshot(snapshot);
    if (step === "applied") {
      this.#after(symbol, book, step);
      return;
    }
    if (step === "needs-snapshot") this.#counters.resync("snapshot");
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#after(symbol, book, "needs-snapshot");
    }, SNAPSHOT_PAUSE_MS);
    this.#timers.add(timer);
  }

  #onClose(reason: ResyncReason): void {
    this.connected = false;
    this.#counters.resync(reason);
    this.#publisher.forget();
    for (const book of this.#books.values()) book.discard();
    this.#options.log.warn({ feed: this.name, reason }, "the feed is reconnected");
  }
}

/** A message parsed as JSON, or the parse error, which no schema accepts. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return messageOf(error);
  }
}
