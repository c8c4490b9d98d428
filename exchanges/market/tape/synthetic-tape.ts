import { type Random, seededRandom } from "../../../core/index.ts";
import type { DepthSnapshot } from "../order-book.ts";
import { formatUnits } from "../units.ts";
import { encodeDepth, encodeEnvelope, fromLevel } from "./frame-codec.ts";
import { SyntheticMarket, type SyntheticTrade } from "./synthetic-market.ts";
import { SYNTHETIC_SYMBOLS, type SyntheticSymbol } from "./synthetic-symbol.ts";
import type { FrameKind, FrameReader, Tape, TapeFrame, TapeTrack } from "./tape.ts";

const START_MS = 1_735_689_600_000;
const STEP_MS = 100;

/** An endless market that is generated from a seed while it is played. Equal seeds give equal bytes. */
export function makeSyntheticTape(seed: number): Tape {
  const tracks = SYNTHETIC_SYMBOLS.map((symbol) => new SyntheticTrack(symbol, seed));
  return { tracks: Promise.resolve(tracks), complete: Promise.resolve() };
}

class SyntheticTrack implements TapeTrack {
  readonly symbol: string;
  readonly snapshot: DepthSnapshot;
  readonly startMs = START_MS;
  readonly #symbol: SyntheticSymbol;
  readonly #seed: number;

  constructor(symbol: SyntheticSymbol, seed: number) {
    this.symbol = symbol.symbol;
    this.#symbol = symbol;
    this.#seed = seed;
    this.snapshot = this.read().snapshot;
  }

  read(): SyntheticReader {
    return new SyntheticReader(this.#symbol, seededRandom(this.#seed).fork(`tape ${this.symbol}`));
  }
}

/** Writes a synthetic market's frames as the venue's streams send them, a tenth of a second at a time. */
class SyntheticReader implements FrameReader {
  readonly snapshot: DepthSnapshot;
  readonly #symbol: string;
  readonly #market: SyntheticMarket;
  #frames: TapeFrame[] = [];
  #cursor = 0;
  #steps = 0;
  #updateId: number;
  /** The last update id that a depth diff contained. */
  #depthUpdateId: number;
  #tradeId: number;
  #touch = "";

  constructor(symbol: SyntheticSymbol, random: Random) {
    this.#symbol = symbol.symbol;
    this.#market = new SyntheticMarket(symbol, random);
    this.#updateId = 40_000_000_000 + random.below(1_000_000_000);
    this.#depthUpdateId = this.#updateId;
    this.#tradeId = 3_000_000_000 + random.below(1_000_000_000);
    const { bids, asks } = this.#market.quotes.book;
    this.snapshot = {
      lastUpdateId: this.#updateId,
      bids: bids.levels().toArray(),
      asks: asks.levels().toArray(),
    };
  }

  get next(): TapeFrame {
    // Each step ends with a diff, so that there is at least one frame.
    for (;;) {
      const frame = this.#frames[this.#cursor];
      if (frame !== undefined) return frame;
      this.#frames = [];
      this.#cursor = 0;
      this.#writeStep();
    }
  }

  advance(): void {
    this.#cursor++;
  }

  rewind(): void {
    throw new RangeError("Expected a synthetic market to be played forward: it has no end to restart from.");
  }

  #writeStep(): void {
    const startMs = START_MS + this.#steps * STEP_MS;
    this.#steps++;
    for (const { at, act } of this.#market.step(STEP_MS / 1_000)) {
      const atMs = startMs + at * STEP_MS;
      const trades = act();
      this.#updateId++;
      for (const trade of trades) this.#writeTrade(atMs, trade);
      this.#writeTouch(atMs);
    }
    this.#market.churn();
    const { bids, asks } = this.#market.quotes.takeChanges();
    // A venue sends no diff when no level changed; the next one then begins where the last one ended.
    if (bids.length + asks.length === 0) return;
    this.#updateId += bids.length + asks.length;
    const eventMs = startMs + STEP_MS;
    this.#writeTouch(eventMs);
    const stream = `${this.#symbol.toLowerCase()}@depth@100ms`;
    const firstUpdateId = this.#depthUpdateId + 1;
    this.#depthUpdateId = this.#updateId;
    const diff = { firstUpdateId, lastUpdateId: this.#updateId, eventMs, bids, asks };
    this.#frames.push({ atMs: eventMs, kind: "depth", stream, ...encodeDepth(this.#symbol, stream, diff) });
  }

  #writeTrade(atMs: number, { price, quantity, buyerIsMaker }: SyntheticTrade): void {
    this.#write(atMs, "trade", {
      e: "trade",
      E: Math.floor(atMs) + 1,
      s: this.#symbol,
      t: this.#tradeId++,
      p: formatUnits(price),
      q: formatUnits(quantity),
      T: Math.floor(atMs),
      m: buyerIsMaker,
      M: true,
    });
  }

  /** Writes the best prices and their quantities when they have changed. */
  #writeTouch(atMs: number): void {
    const { book } = this.#market.quotes;
    const [bid] = book.top("bids", 1).map(fromLevel);
    const [ask] = book.top("asks", 1).map(fromLevel);
    const touch = JSON.stringify([bid, ask]);
    if (touch === this.#touch || bid === undefined || ask === undefined) return;
    this.#touch = touch;
    this.#write(atMs, "bookTicker", {
      u: this.#updateId,
      s: this.#symbol,
      b: bid[0],
      B: bid[1],
      a: ask[0],
      A: ask[1],
    });
  }

  #write(atMs: number, kind: FrameKind, data: unknown): void {
    const stream = `${this.#symbol.toLowerCase()}@${kind}`;
    this.#frames.push({ atMs, kind, stream, ...encodeEnvelope(stream, data) });
  }
}
