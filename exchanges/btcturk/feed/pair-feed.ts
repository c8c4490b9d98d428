import type { DayStatistics } from "../../market/day-statistics.ts";
import type { SymbolMarket } from "../../market/market.ts";
import type { TapeTrade } from "../../market/tape/frame-codec.ts";
import type { Units } from "../../market/units.ts";
import type { Occasions } from "../../misbehaviors/misbehavior.ts";
import { tradeOffBook } from "../../misbehaviors/trade-off-book.ts";
import type { BtcturkPair } from "../btcturk-pairs.ts";
import { intervalOfResolution } from "../resolution.ts";
import type { VisibleBook } from "../rest/context.ts";
import { tickerFields, tickerOf } from "../ticker.ts";
import { type BookChanges, misbehavingChanges } from "./book-changes.ts";
import { BookWindow, WINDOW_LEVELS } from "./book-window.ts";
import { BookFrame, candleFields, frame, MODEL, tradeFields } from "./frames.ts";

const TRADE_LIST = 50;

/** The frames for a change of a pair's book, created when there are listeners. Call each at most once. */
export interface BookUpdate {
  /** The changes, for `obdiff`. */
  readonly change: () => BookFrame;
  /** The whole book, for `orderbook`. */
  readonly book: () => BookFrame;
}

/** One pair's frames, made from the tape's market. */
export class PairFeed {
  readonly pair: BtcturkPair;
  readonly market: SymbolMarket;
  readonly #statistics: DayStatistics;
  readonly #occasions: Occasions;
  readonly #asks = new BookWindow("asks");
  readonly #bids = new BookWindow("bids");

  constructor(
    pair: BtcturkPair,
    market: SymbolMarket,
    options: { statistics: DayStatistics; occasions: Occasions },
  ) {
    this.pair = pair;
    this.market = market;
    this.#statistics = options.statistics;
    this.#occasions = options.occasions;
    this.update(this.currentBook());
  }

  /** The market's current book, as deep as the feed publishes it. */
  currentBook(): VisibleBook {
    const { book } = this.market;
    return { asks: book.top("asks", WINDOW_LEVELS), bids: book.top("bids", WINDOW_LEVELS) };
  }

  /** The book as last published. */
  get publishedBook(): VisibleBook {
    return { asks: this.#asks.levels, bids: this.#bids.levels };
  }

  /** Replaces the published book, and returns the frames for the change; undefined when nothing changed. */
  update({ asks, bids }: VisibleBook): BookUpdate | undefined {
    const changes = { AO: this.#asks.update(asks), BO: this.#bids.update(bids) };
    if (changes.AO.length + changes.BO.length === 0) return undefined;
    return { change: () => this.#change(changes), book: () => this.book("orderbook") };
  }

  #change(changes: BookChanges): BookFrame {
    const { symbol } = this.pair;
    const published = misbehavingChanges(changes, this.#asks.all, this.#occasions);
    return new BookFrame(MODEL.bookChange, { PS: symbol, ...published, channel: "obdiff", event: symbol });
  }

  /** The whole published window, with which a subscription begins. */
  book(channel: string): BookFrame {
    const { symbol } = this.pair;
    const model = { PS: symbol, AO: this.#asks.all, BO: this.#bids.all, channel, event: symbol };
    return new BookFrame(MODEL.book, model);
  }

  /** The latest trades, newest first. */
  tradeList(): Buffer {
    const { symbol } = this.pair;
    const items = this.market.recentTrades.slice(-TRADE_LIST).reverse().map(tradeFields);
    return frame(MODEL.tradeList, { symbol, items, channel: "trade", event: symbol, type: MODEL.tradeList });
  }

  trade(trade: TapeTrade): Buffer {
    const { symbol } = this.pair;
    const off = this.#occasions.strikes(tradeOffBook);
    const price = off === undefined ? trade.price : this.#priceOffBook(trade.price + off.distance);
    const place = { PS: symbol, channel: "trade", event: symbol, type: MODEL.trade };
    return frame(MODEL.trade, { ...tradeFields({ ...trade, price }), ...place });
  }

  ticker(): Buffer {
    return frame(MODEL.tickerPair, {
      ...this.tickerFields(),
      channel: "ticker",
      event: this.pair.symbol,
      type: MODEL.tickerPair,
    });
  }

  /** The ticker as an item of the list of all tickers. */
  tickerFields(): Record<string, unknown> {
    return tickerFields(this.pair, tickerOf(this.market, this.#statistics));
  }

  /** The current candle; undefined for an unknown resolution or before its first trade. */
  candle(resolution: string): Buffer | undefined {
    const interval = intervalOfResolution(resolution);
    const candle = interval === undefined ? undefined : this.market.history.currentCandle(interval);
    if (candle === undefined) return undefined;
    const { symbol } = this.pair;
    const place = { P: symbol, channel: "tradeview", event: `${symbol}_${resolution}`, type: MODEL.candle };
    return frame(MODEL.candle, { ...candleFields(candle, resolution), ...place });
  }

  #priceOffBook(from: Units): Units {
    const { book } = this.market;
    let price = from;
    while (book.asks.get(price) !== undefined || book.bids.get(price) !== undefined) price++;
    return price;
  }
}
