import type { Clock } from "../../core/index.ts";
import { SymbolHistory } from "./history/symbol-history.ts";
import type { MarketEvent } from "./market-event.ts";
import type { OrderBook } from "./order-book.ts";
import { Replay } from "./replay.ts";
import type { TapeTrade } from "./tape/frame-codec.ts";
import type { Tape } from "./tape/tape.ts";
import { TrackPlayer } from "./track-player.ts";

/** The number of public trades kept for the REST endpoints. */
const RECENT_TRADES = 1_000;

/** The current public state of one symbol. */
export interface SymbolMarket {
  readonly symbol: string;
  readonly book: OrderBook;
  /** The latest trades, oldest first. */
  readonly recentTrades: readonly TapeTrade[];
  /** All trades since the tape began. */
  readonly history: SymbolHistory;
}

type OwnSymbolMarket = SymbolMarket & { readonly recentTrades: TapeTrade[] };

/** How a market plays its tape. */
export interface MarketOptions {
  readonly tape: Tape;
  readonly tapeSpeed: number;
  /** Whether the recorded events happen now, by the clock, or keep the times of their recording. */
  readonly tapeTime: "live" | "recorded";
  /**
   * `paused`: no frame is played before {@link Market.resume}, so that clients can connect before the first.
   */
  readonly start: "playing" | "paused";
  readonly clock: Clock;
  readonly onError: (cause: unknown) => void;
}

/** The market that the tape produces: current books and trades, and an event for each frame. */
export class Market {
  /** Resolves when the books are loaded and the tape plays; rejects when it cannot be played. */
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

  /** Called once, when the books are loaded and before the first frame is played. */
  onOpen(listener: () => void): void {
    this.#openListeners.push(listener);
  }

  /** Calls the listener for every event, after the book was updated, in the order of subscription. */
  subscribe(listener: (event: MarketEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Whether the tape is halted, or will be as soon as it is loaded. */
  get isPaused(): boolean {
    return this.#isHeld;
  }

  /** Halts the tape: books and trades no longer change; orders still match. */
  pause(): void {
    this.#isHeld = true;
    this.#replay?.pause();
  }

  /** Continues the tape where it was halted. */
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
    // Stopped while the tape was loading: callers that wait for the books get the initial ones.
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
