import type { Answer, PlatformApi, Question } from "../../api/index.ts";
import { QUOTE_SCHEMA } from "../../api/index.ts";

/** The best prices of a symbol, as exact decimal strings. */
export interface Quote {
  readonly bid: string;
  readonly ask: string;
}

/** Between two requests for the same quote, where a platform pushes none. */
const POLL_MS = 250;

/** The prices that clients know of one symbol, by venue. */
export class Prices {
  readonly #api: Pick<PlatformApi, "ask">;
  readonly #symbol: string;
  readonly #quotes = new Map<string, Quote>();
  #requests = 0;
  #polling: NodeJS.Timeout | undefined;

  constructor(api: Pick<PlatformApi, "ask">, symbol: string) {
    this.#api = api;
    this.#symbol = symbol;
  }

  /** How many requests were sent for quotes; none of them is an operation of the load. */
  get requests(): number {
    return this.#requests;
  }

  /** The last price at a venue that clients learned of. */
  at(venue: string): Quote | undefined {
    return this.#quotes.get(venue);
  }

  learn(venue: string, symbol: string, quote: Quote): void {
    if (symbol === this.#symbol) this.#quotes.set(venue, quote);
  }

  /** Requests quotes until there is one of each venue or the time is up. */
  async first(venues: readonly string[], withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    const missing = () => venues.filter((venue) => !this.#quotes.has(venue));
    while (missing().length > 0 && performance.now() < untilMs) {
      await Promise.all(missing().map((venue) => this.#request(venue, untilMs)));
      if (missing().length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Keeps requesting quotes, for a platform that pushes none. */
  poll(venues: readonly string[]): void {
    this.#polling = setInterval(() => {
      for (const venue of venues) this.#ask(venue, (answer) => this.#keep(venue, answer));
    }, POLL_MS);
  }

  close(): void {
    clearInterval(this.#polling);
  }

  async #request(venue: string, untilMs: number): Promise<void> {
    const answer = await new Promise<Answer | undefined>((resolve) => {
      setTimeout(resolve, Math.max(0, untilMs - performance.now()), undefined);
      this.#ask(venue, resolve);
    });
    // What was pushed meanwhile is newer.
    if (answer !== undefined && !this.#quotes.has(venue)) this.#keep(venue, answer);
  }

  #ask(venue: string, done: (answer: Answer) => void): void {
    const question: Question = { kind: "quote", venue, symbol: this.#symbol };
    this.#requests += 1;
    this.#api.ask(question, done);
  }

  #keep(venue: string, { outcome, said }: Answer): void {
    const quote = outcome === "succeeded" ? QUOTE_SCHEMA.safeParse(said).data : undefined;
    if (quote !== undefined) this.#quotes.set(venue, quote);
  }
}
