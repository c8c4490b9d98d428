import { OrderBook } from "../market/order-book.ts";
import type { BookSideName } from "../market/price-ladder.ts";
import { decodeDepth, decodeTrade, type TapeTrade } from "../market/tape/frame-codec.ts";
import type { TapeTrack } from "../market/tape/tape.ts";

/** The statistics of a market, computed from its frames, by the name under which they are printed. */
export type MarketStatistics = Readonly<Record<string, number>>;

/** A sample of the book, about once a second. */
interface BookSample {
  readonly middle: number;
  readonly spread: number;
  readonly toTenth: number;
  readonly toHundredth: number;
  readonly within1Bp: number;
  readonly within10Bp: number;
}

const UNIT = 1e8;
const SAMPLED_LEVEL = 100;
const DIFFS_BETWEEN_SAMPLES = 10;

/** Measures a track as a client of the venue sees it, for some minutes from its start. */
export function measureMarket(track: TapeTrack, minutes: number): MarketStatistics {
  const { trades, bookSamples, seconds } = watch(track, minutes);
  const changes = bookSamples
    .slice(1)
    .map(({ middle }, index) => Math.log(middle / (bookSamples[index]?.middle ?? middle)) * 1e4);
  const sizes = trades.map(({ quantity }) => Number(quantity) / UNIT);
  const following = trades.slice(1).map((trade, index) => [trades[index] ?? trade, trade] as const);
  const jumps = following.map(([one, next]) => Math.abs(Number(next.price) / Number(one.price) - 1) * 1e4);
  const middles = bookSamples.map(({ middle }) => middle);
  return {
    "spread, median": median(bookSamples.map(({ spread }) => spread)),
    "distance of the 10th level, median": median(bookSamples.map(({ toTenth }) => toTenth)),
    "distance of the 100th level, median": median(bookSamples.map(({ toHundredth }) => toHundredth)),
    "bids within 1 bp, mean": mean(bookSamples.map(({ within1Bp }) => within1Bp)),
    "bids within 10 bp, mean": mean(bookSamples.map(({ within10Bp }) => within10Bp)),
    "trades a second": trades.length / seconds,
    "trade size, median": median(sizes),
    "trade size, mean": mean(sizes),
    "trades in the ms of the one before, %":
      100 * share(following, ([one, next]) => one.tradeMs === next.tradeMs),
    "trades on the side of the one before, %":
      100 * share(following, ([one, next]) => one.buyerIsMaker === next.buyerIsMaker),
    "price jumps between trades above 1 bp, %": 100 * share(jumps, (jump) => jump > 1),
    "price jumps between trades above 5 bp, %": 100 * share(jumps, (jump) => jump > 5),
    "change in a second, deviation in bp": deviation(changes),
    "seconds without a change, %": 100 * share(changes, (change) => change === 0),
    "change in a second, kurtosis": mean(changes.map((change) => change ** 4)) / deviation(changes) ** 4,
    "highest over lowest price, bp": (Math.max(...middles) / Math.min(...middles) - 1) * 1e4,
  };
}

function watch(track: TapeTrack, minutes: number) {
  const reader = track.read();
  const book = new OrderBook();
  book.load(track.snapshot);
  const endMs = track.startMs + minutes * 60_000;
  const trades: TapeTrade[] = [];
  const bookSamples: BookSample[] = [];
  let diffs = 0;
  let atMs = track.startMs;
  for (let frame = reader.next; typeof frame !== "string" && frame.atMs <= endMs; frame = reader.next) {
    reader.advance();
    atMs = frame.atMs;
    if (frame.kind === "trade") trades.push(decodeTrade(frame.data));
    if (frame.kind !== "depth" || !book.apply(decodeDepth(frame.data))) continue;
    if (++diffs % DIFFS_BETWEEN_SAMPLES === 0) bookSamples.push(sampleOf(book));
  }
  return { trades, bookSamples, seconds: (atMs - track.startMs) / 1_000 };
}

function sampleOf(book: OrderBook): BookSample {
  const bids = book.top("bids", SAMPLED_LEVEL + 1).map(([price]) => Number(price) / UNIT);
  const bid = bids[0] ?? 0;
  const ask = Number(book.asks.bestPrice ?? 0n) / UNIT;
  return {
    middle: (bid + ask) / 2,
    spread: ask - bid,
    toTenth: bid - (bids[10] ?? 0),
    toHundredth: bid - (bids[SAMPLED_LEVEL] ?? 0),
    within1Bp: within(book, "bids", bid * (1 - 1e-4)),
    within10Bp: within(book, "bids", bid * (1 - 1e-3)),
  };
}

function within(book: OrderBook, side: BookSideName, limit: number): number {
  let sum = 0;
  for (const [price, quantity] of book[side].levels()) {
    if (Number(price) / UNIT < limit) break;
    sum += Number(quantity) / UNIT;
  }
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function share<Value>(values: readonly Value[], is: (value: Value) => boolean): number {
  return values.filter(is).length / values.length;
}
