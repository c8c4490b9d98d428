import type { Clock } from "../../core/index.ts";
import { SymbolHistory } from "./history/symbol-history.ts";
import type { MarketEvent } from "./market-event.ts";
import type { OrderBook } from "./order-book.ts";
import { Replay } from "./replay.ts";
import type { TapeTrade } from "./tape/frame-codec.ts";
import type { Tape } from "./tape/tape.ts";
import { TrackPlayer } from "./track-player.ts";

/** Public trades that are kept for the REST endpoints. */
const RECENT_TRADES = 1_000;

/** One symbol as the public sees it now. */
export interface SymbolMarket {
  readonly symbol: string;
  readonly book: OrderBook;
  /** The latest trades, oldest first. */
  readonly recentTrades: readonly TapeTrade[];
  /** Everything that was traded since the tape began. */
  readonly history: SymbolHistory;
}

type OwnSymbolMarket = SymbolMarket & { readonly recentTrades: TapeTrade[] };

/** How a market is played from its tape. */
export interface MarketOptions {
  readonly tape: Tape;
  readonly tapeSpeed: number;
  /** Whether what was recorded happens now, by the clock, or keeps the times of its recording. */
  readonly tapeTime: "live" | "recorded";
  /** `paused`: not a frame is played before {@link Market.resume}, so that clients can be there for the first. */
  readonly start: "playing" | "paused";
  readonly clock: Clock;
  readonly onError: (cause: unknown) => void;
}

/** The market that the tape makes: books and trades as of now, and an event for each frame. */
export class Market {
  /** Resolves when the books stand and the tape's clock runs; rejects when the tape cannot be played. */
  readonly ready: Promise<void>;
  readonly #symbols = new Map<string, OwnSymbolMarket>();
  readonly #openListeners: (() => void)[] = [];
  readonly #listeners: ((event: MarketEvent) => void)[] = [];
  #replay: Replay | undefined;
  #stopped = false;
  #isHeld: boolean;

  constructor(options: MarketOptions) {
    this.#isHeld = options.start === "paused";
    this.ready = this.#start(options);
    this.ready.catch(() => undefined);
  }

  get symbols(): readonly SymbolMarket[] {
    return [...this.#symbols.values()];
  }

  symbol(name: string): SymbolMarket | undefined {
    return this.#symbols.get(name);
  }

  /** Is called once, when the books stand and before the first frame is played. */
  onOpen(listener: () => void): void {
    this.#openListeners.push(listener);
  }

  /** Hears of every event, after the book has taken it, in the order of subscription. */
  subscribe(listener: (event: MarketEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Whether the tape is halted, or will be as soon as it could be played. */
  get isPaused(): boolean {
    return this.#isHeld;
  }

  /** Halts the tape: books and trades stay as they are, orders still match. */
  pause(): void {
    this.#isHeld = true;
    this.#replay?.pause();
  }

  /** Lets the tape go on where it was halted. */
  resume(): void {
    this.#isHeld = false;
    this.#replay?.resume();
  }

  stop(): void {
    this.#stopped = true;
    this.#replay?.stop();
  }

  async #start({ tape, tapeSpeed, tapeTime, clock, onError }: MarketOptions): Promise<void> {
    const tracks = await tape.tracks;
    const players = tracks.map((track) => new TrackPlayer(track));
    for (const { symbol, book } of players) {
      this.#symbols.set(symbol, { symbol, book, recentTrades: [], history: new SymbolHistory() });
    }
    for (const listener of this.#openListeners) listener();
    // Stopped while the tape was read: who waits for the books still gets them, as they stood at the start.
    if (this.#stopped) return;
    const onEvent = (event: MarketEvent): void => this.#publish(event);
    this.#replay = new Replay(players, { tapeSpeed, tapeTime, clock, onEvent, onError });
    if (this.#isHeld) this.#replay.pause();
    this.#replay.start();
  }

  #publish(event: MarketEvent): void {
    const market = this.#symbols.get(event.symbol);
    market?.history.onMarketEvent(event);
    if (event.kind === "trade" && market !== undefined) {
      market.recentTrades.push(event.trade);
      if (market.recentTrades.length > 2 * RECENT_TRADES) market.recentTrades.splice(0, RECENT_TRADES);
    }
    for (const listener of this.#listeners) listener(event);
  }
}
