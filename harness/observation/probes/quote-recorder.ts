import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { openWebSocket } from "../../../network/index.ts";
import { Decimal } from "../decimal.ts";

const RECONNECT_MS = 250;
const HANDSHAKE_MS = 3_000;

const priceText = z.string().regex(/^\d+(\.\d+)?$/);
const quoteSchema = z.object({
  type: z.literal("quote"),
  venue: z.string(),
  symbol: z.string(),
  bid: priceText,
  ask: priceText,
});

/** The best prices of a symbol at a venue, as exact decimal text. */
export type Quote = Omit<z.infer<typeof quoteSchema>, "type">;

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
  readonly #stopping = new AbortController();
  readonly #crossed: Quote[] = [];
  readonly #last = new Map<string, Quote>();
  readonly #loop: Promise<void>;
  #count = 0;

  constructor(url: string) {
    this.#url = url.replace(/^http/, "ws");
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
      socket.on("message", (data) => this.#record(String(data)));
      // An error is always followed by close.
      socket.on("error", end);
      socket.on("close", () => {
        signal.removeEventListener("abort", end);
        resolve();
      });
    });
  }

  #record(text: string): void {
    const parsed = quoteSchema.safeParse(jsonOf(text));
    if (!parsed.success) return;
    const { type: _, ...quote } = parsed.data;
    this.#count += 1;
    this.#last.set(`${quote.venue} ${quote.symbol}`, quote);
    if (new Decimal(quote.bid).gte(quote.ask)) this.#crossed.push(quote);
  }
}

/** A message parsed as JSON; text that is not JSON is not a quote either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
