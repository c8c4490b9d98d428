import { z } from "zod";
import type { ResyncReason } from "../metrics.ts";
import { type FeedOptions, parse } from "./binance-feed.ts";
import { BtcturkBook } from "./btcturk-book.ts";
import { type Feed, FeedCounters, Heartbeats, type Quote, QuotePublisher } from "./feed.ts";
import { ReconnectingSocket } from "./reconnecting-socket.ts";

const SUBSCRIBE = 151;
const BOOK = 431;
const BOOK_CHANGE = 432;
/**
 * A subscription begins with the whole book. After this many changes without one, it was lost and will not
 * come.
 */
const MAX_CHANGES_WITHOUT_BOOK = 2;

const rows = z.array(z.object({ P: z.string(), A: z.string(), CP: z.number().optional() }));
const frame = z.tuple([
  z.union([z.literal(BOOK), z.literal(BOOK_CHANGE)]),
  z.object({ CS: z.number(), PS: z.string(), AO: rows, BO: rows }),
]);

/** The model number and body of a frame of the `obdiff` channel, or undefined when the text is not one. */
export function readBookFrame(text: string): z.infer<typeof frame> | undefined {
  return frame.safeParse(parse(text)).data;
}

/**
 * BTCTurk's `obdiff` channel: one book per pair. After a gap the feed reconnects, since only a new
 * subscription sends a 431.
 */
export class BtcturkFeed implements Feed {
  readonly name = "btcturk";
  readonly #options: FeedOptions;
  readonly #books: Map<string, BtcturkBook>;
  readonly #heartbeats: Heartbeats;
  readonly #publisher: QuotePublisher;
  readonly #counters: FeedCounters;
  readonly #socket: ReconnectingSocket;
  #changesWithoutBook = 0;
  connected = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const ignoreGaps = options.defects.has("no-resync"); // DEFECT no-resync
    this.#books = new Map(options.symbols.map((symbol) => [symbol, new BtcturkBook(ignoreGaps)]));
    this.#heartbeats = new Heartbeats(options.symbols);
    this.#publisher = new QuotePublisher("btcturk", options.onQuote);
    this.#counters = new FeedCounters("btcturk", options.metrics);
    this.#socket = new ReconnectingSocket({
      url: options.webSocketUrl,
      silentAfterMs: options.staleAfterMs,
      isData,
      events: {
        onOpen: (send) => this.#onOpen(send),
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
    this.#socket.stop();
  }

  #onOpen(send: (text: string) => void): void {
    this.connected = true;
    for (const event of this.#options.symbols) {
      send(JSON.stringify([SUBSCRIBE, { type: SUBSCRIBE, channel: "obdiff", event, join: true }]));
    }
  }

  #onMessage(text: string): void {
    if (!isData(text)) return;
    const read = readBookFrame(text);
    const book = read === undefined ? undefined : this.#books.get(read[1].PS);
    if (read === undefined || book === undefined) {
      this.#options.log.warn({ feed: this.name }, "a book frame could not be read");
      this.#socket.restart("malformed");
      return;
    }
    const [type, body] = read;
    this.#counters.message();
    this.#heartbeats.beat(body.PS);
    if (type === BOOK) book.onSnapshot(body);
    else {
      if (!book.synced) {
        this.#awaitBook();
        return;
      }
      const step = book.onChange(body);
      if (step === "gap" || step === "crossed") {
        this.#socket.restart(step);
        return;
      }
    }
    const top = book.synced ? book.book.top : undefined;
    if (top !== undefined) this.#publisher.publish(body.PS, top);
  }

  /**
   * The changes that keep coming make the connection look healthy, so silence cannot reveal the missing book.
   */
  #awaitBook(): void {
    this.#changesWithoutBook += 1;
    if (this.#changesWithoutBook > MAX_CHANGES_WITHOUT_BOOK) this.#socket.restart("gap");
  }

  #onClose(reason: ResyncReason): void {
    this.connected = false;
    this.#changesWithoutBook = 0;
    this.#counters.resync(reason);
    this.#publisher.forget();
    for (const book of this.#books.values()) book.discard();
    this.#options.log.warn({ feed: this.name, reason }, "the feed is reconnected");
  }
}

const isData = (text: string): boolean => text.startsWith(`[${BOOK},`) || text.startsWith(`[${BOOK_CHANGE},`);
