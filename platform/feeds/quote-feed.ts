import { z } from "zod";
import type { ResyncReason } from "../metrics.ts";
import type { FeedName } from "../venues/venue.ts";
import { type FeedOptions, parse } from "./binance-feed.ts";
import { type Feed, FeedCounters, Heartbeats, type Quote, QuotePublisher } from "./feed.ts";
import { ReconnectingSocket } from "./reconnecting-socket.ts";

const quoteMessage = z.object({
  type: z.literal("quote"),
  symbol: z.string(),
  bid: z.string(),
  ask: z.string(),
  sequence: z.number(),
});

/**
 * A feed of complete quotes, such as BIST's: none depends on an earlier one, so a lost quote needs no resync.
 */
export class QuoteFeed implements Feed {
  readonly name: FeedName;
  readonly #options: FeedOptions;
  readonly #heartbeats: Heartbeats;
  readonly #publisher: QuotePublisher;
  readonly #counters: FeedCounters;
  readonly #socket: ReconnectingSocket;
  connected = false;

  constructor(name: FeedName, options: FeedOptions) {
    this.name = name;
    this.#options = options;
    this.#heartbeats = new Heartbeats(options.symbols);
    this.#publisher = new QuotePublisher(name, options.onQuote);
    this.#counters = new FeedCounters(name, options.metrics);
    this.#socket = new ReconnectingSocket({
      url: options.webSocketUrl,
      silentAfterMs: options.staleAfterMs,
      isData,
      events: {
        onOpen: (send) => {
          this.connected = true;
          send(JSON.stringify({ type: "subscribe", symbols: options.symbols }));
        },
        onMessage: (text) => this.#onMessage(text),
        onClose: (reason) => this.#onClose(reason),
      },
    });
  }

  get synced(): boolean {
    return this.#options.symbols.every((symbol) => this.#publisher.last(symbol) !== undefined);
  }

  get stalenessMs(): number {
    return this.#heartbeats.oldestMs;
  }

  stalenessOf(symbol: string): number {
    return this.#heartbeats.ageMs(symbol);
  }

  quote(symbol: string): Quote | undefined {
    return this.#publisher.last(symbol);
  }

  stop(): void {
    this.#socket.stop();
  }

  #onMessage(text: string): void {
    if (!isData(text)) return;
    const parsed = quoteMessage.safeParse(parse(text));
    if (!parsed.success) {
      this.#options.log.warn({ feed: this.name }, "a quote could not be read");
      this.#socket.restart("malformed");
      return;
    }
    const { symbol, bid, ask } = parsed.data;
    this.#counters.message();
    this.#heartbeats.beat(symbol);
    if (this.#options.symbols.includes(symbol)) this.#publisher.publish(symbol, { bid, ask });
  }

  #onClose(reason: ResyncReason): void {
    this.connected = false;
    this.#counters.resync(reason);
    this.#publisher.forget();
    this.#options.log.warn({ feed: this.name, reason }, "the feed is reconnected");
  }
}

const isData = (text: string): boolean => text.includes('"quote"');
