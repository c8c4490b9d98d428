import { setImmediate as nextTurn } from "node:timers/promises";
import { type Random, seededRandom } from "../../../core/index.ts";
import { formatUnits, parseUnits } from "../units.ts";
import { encodeDepth, encodeEnvelope, fromLevel } from "./frame-codec.ts";
import { SyntheticMarket, type SyntheticSymbol } from "./synthetic-market.ts";
import type { Tape } from "./tape.ts";
import { loadTape } from "./tape-loader.ts";

const SYMBOLS: readonly SyntheticSymbol[] = [
  {
    symbol: "BTCUSDT",
    midPrice: parseUnits("61837.63"),
    tick: parseUnits("0.01"),
    step: parseUnits("0.00001"),
    meanSteps: 20_000,
    meanGapTicks: 20,
  },
  {
    symbol: "ETHUSDT",
    midPrice: parseUnits("2683.80"),
    tick: parseUnits("0.01"),
    step: parseUnits("0.0001"),
    meanSteps: 30_000,
    meanGapTicks: 4,
  },
];

const START_MS = 1_735_689_600_000;
const LENGTH_MS = 120_000;
const DIFF_MS = 100;
const TRADES_PER_DIFF = 0.7;
const STEPS_PER_TURN = 10;

/** Makes a tape of two minutes from a seed, in the very form of a recording. Equal seeds give equal bytes. */
export function makeSyntheticTape(seed: number): Tape {
  return loadTape(
    SYMBOLS.map((symbol) => ({
      name: `synthetic ${symbol.symbol}`,
      chunks: new SyntheticRecorder(symbol, seededRandom(seed).fork(`tape ${symbol.symbol}`)).chunks(),
    })),
  );
}

/** Records a synthetic market as a client of the venue would. */
class SyntheticRecorder {
  readonly #symbol: string;
  readonly #random: Random;
  readonly #market: SyntheticMarket;
  #lines: string[] = [];
  #updateId: number;
  #tradeId: number;
  #touch = "";

  constructor(symbol: SyntheticSymbol, random: Random) {
    this.#symbol = symbol.symbol;
    this.#random = random;
    this.#market = new SyntheticMarket(symbol, random);
    this.#updateId = 40_000_000_000 + random.below(1_000_000_000);
    this.#tradeId = 3_000_000_000 + random.below(1_000_000_000);
  }

  async *chunks(): AsyncGenerator<Buffer> {
    const { bids, asks } = this.#market.book;
    const snapshot = {
      lastUpdateId: this.#updateId,
      bids: bids.levels().map(fromLevel).toArray(),
      asks: asks.levels().map(fromLevel).toArray(),
    };
    this.#write(START_MS, JSON.stringify(snapshot));
    for (let step = 1; step * DIFF_MS <= LENGTH_MS; step++) {
      this.#record(START_MS + step * DIFF_MS);
      if (step % STEPS_PER_TURN !== 0) continue;
      yield Buffer.from(this.#lines.join(""));
      this.#lines = [];
      // Elsewhere in the process orders are waiting for their answers.
      await nextTurn();
    }
  }

  #record(diffMs: number): void {
    const firstUpdateId = this.#updateId + 1;
    let atMs = diffMs - DIFF_MS;
    for (;;) {
      atMs += this.#random.exponential(DIFF_MS / TRADES_PER_DIFF);
      if (atMs >= diffMs) break;
      this.#recordTrade(atMs);
    }
    this.#market.move();
    const { bids, asks } = this.#market.takeChanges();
    this.#updateId += Math.max(1, bids.length + asks.length);
    const diff = { firstUpdateId, lastUpdateId: this.#updateId, eventMs: diffMs, bids, asks };
    this.#recordTouch(diffMs);
    const stream = `${this.#symbol.toLowerCase()}@depth@100ms`;
    this.#write(diffMs, encodeDepth(this.#symbol, stream, diff).envelope.toString());
  }

  #recordTrade(atMs: number): void {
    const { price, quantity, buyerIsMaker } = this.#market.trade();
    this.#updateId++;
    const data = {
      e: "trade",
      E: Math.floor(atMs) + 1,
      s: this.#symbol,
      t: this.#tradeId++,
      p: formatUnits(price),
      q: formatUnits(quantity),
      T: Math.floor(atMs),
      m: buyerIsMaker,
      M: true,
    };
    this.#write(atMs, encodeEnvelope(`${this.#symbol.toLowerCase()}@trade`, data).envelope.toString());
    this.#recordTouch(atMs);
  }

  #recordTouch(atMs: number): void {
    const [bid] = this.#market.book.top("bids", 1).map(fromLevel);
    const [ask] = this.#market.book.top("asks", 1).map(fromLevel);
    const touch = JSON.stringify([bid, ask]);
    if (touch === this.#touch || bid === undefined || ask === undefined) return;
    this.#touch = touch;
    const data = { u: this.#updateId, s: this.#symbol, b: bid[0], B: bid[1], a: ask[0], A: ask[1] };
    this.#write(atMs, encodeEnvelope(`${this.#symbol.toLowerCase()}@bookTicker`, data).envelope.toString());
  }

  #write(atMs: number, json: string): void {
    this.#lines.push(`${Math.floor(atMs)}${String(Math.floor((atMs % 1) * 1e6)).padStart(6, "0")} ${json}\n`);
  }
}
