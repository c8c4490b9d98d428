import type { Clock } from "../../core/index.ts";
import type { Market } from "./market.ts";

/** A time in which the market gave no event of a symbol, on the epoch clock. */
export interface Silence {
  readonly symbol: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** Feeds of liquid symbols change several times a second: a shorter silence is usual, or a moment of a busy machine. */
const LEAST_SILENCE_MS = 1_000;
/** Only the longest are kept: a symbol that is silent again and again has shown it by then. */
const MOST_SILENCES = 100;

type SilentMarket = Pick<Market, "onOpen" | "subscribe"> & {
  readonly symbols: readonly { readonly symbol: string }[];
};

/**
 * The silences of the market itself: of a recording that ends or has a gap, of a halted tape, of stubs that did
 * not run. Whatever a platform makes of them is not its failure.
 */
export class SilenceLog {
  readonly #clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly #lastEventMs = new Map<string, number>();
  #silences: Silence[] = [];

  constructor(market: SilentMarket, clock: Pick<Clock, "nowMs" | "monotonicMs">) {
    this.#clock = clock;
    market.onOpen(() => {
      for (const { symbol } of market.symbols) this.#lastEventMs.set(symbol, clock.monotonicMs());
    });
    market.subscribe(({ symbol }) => this.#note(symbol));
  }

  /** Those so far, and those that last. */
  get silences(): readonly Silence[] {
    return [...this.#silences, ...[...this.#lastEventMs.keys()].flatMap((symbol) => this.#since(symbol))];
  }

  #note(symbol: string): void {
    const [silence] = this.#since(symbol);
    this.#lastEventMs.set(symbol, this.#clock.monotonicMs());
    if (silence === undefined) return;
    this.#silences.push(silence);
    if (this.#silences.length > MOST_SILENCES)
      this.#silences = this.#silences.toSorted((one, other) => lengthOf(other) - lengthOf(one)).slice(0, -1);
  }

  /** The silence since a symbol's last event, if it is long enough to be one. */
  #since(symbol: string): readonly Silence[] {
    const durationMs = this.#clock.monotonicMs() - (this.#lastEventMs.get(symbol) ?? 0);
    if (durationMs < LEAST_SILENCE_MS) return [];
    const endedAtMs = this.#clock.nowMs();
    return [{ symbol, startedAtMs: endedAtMs - durationMs, endedAtMs }];
  }
}

function lengthOf({ startedAtMs, endedAtMs }: Silence): number {
  return endedAtMs - startedAtMs;
}
