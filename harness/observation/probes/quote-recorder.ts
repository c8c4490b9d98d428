import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Interest, QuoteMessages, StreamQuote } from "../../../api/index.ts";
import { openWebSocket } from "../../../network/index.ts";
import { Decimal } from "../decimal.ts";

const RECONNECT_MS = 250;
const HANDSHAKE_MS = 3_000;

/** The best prices of a symbol at a venue, as exact decimal text. */
export type Quote = StreamQuote;

/** What the platform pushed to a client that only listened. */
export interface RecordedQuotes {
  readonly count: number;
  /** Quotes whose bid is at least their ask: no market has such prices. */
  readonly crossed: readonly Quote[];
  /** The last quote of each venue and symbol. */
  readonly last: readonly Quote[];
}

/** Records the platform's quotes as a client receives them, and reconnects when it is disconnected. */
export class QuoteRecorder implements AsyncDisposable {
  readonly #url: string;
  readonly #messages: QuoteMessages;
  readonly #interest: Interest;
  readonly #stopping = new AbortController();
  readonly #crossed: Quote[] = [];
  readonly #last = new Map<string, Quote>();
  readonly #loop: Promise<void>;
  #count = 0;

  constructor(url: string, messages: QuoteMessages, interest: Interest) {
    this.#url = url.replace(/^http/, "ws");
    this.#messages = messages;
    this.#interest = interest;
    this.#loop = this.#run();
  }

  /** The records so far. */
  snapshot(): RecordedQuotes {
    return { count: this.#count, crossed: [...this.#crossed], last: [...this.#last.values()] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#listenOnce(signal);
      await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves when the connection is closed. */
  #listenOnce(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const socket = openWebSocket(this.#url, [], {
        perMessageDeflate: false,
        handshakeTimeout: HANDSHAKE_MS,
      });
      const end = () => socket.terminate();
      signal.addEventListener("abort", end, { once: true });
      socket.on("open", () => void this.#subscribe(socket));
      // Mapping takes turns of the event loop: one message after the other, in the order in which they came.
      let recording: Promise<unknown> = Promise.resolve();
      socket.on("message", (data) => {
        recording = recording.then(() => this.#record(String(data)));
      });
      // An error is always followed by close.
      socket.on("error", end);
      socket.on("close", () => {
        signal.removeEventListener("abort", end);
        resolve();
      });
    });
  }

  async #subscribe(socket: WebSocket): Promise<void> {
    for (const text of await this.#messages.subscription(this.#interest)) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    }
  }

  async #record(text: string): Promise<void> {
    const message = await this.#messages.read(text);
    if (message.kind !== "quotes") return;
    for (const quote of message.quotes) {
      this.#count += 1;
      this.#last.set(`${quote.venue} ${quote.symbol}`, quote);
      if (new Decimal(quote.bid).gte(quote.ask)) this.#crossed.push(quote);
    }
  }
}
