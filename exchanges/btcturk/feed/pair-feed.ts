import type { DayStatistics } from "../../market/day-statistics.ts";
import type { SymbolMarket } from "../../market/market.ts";
import type { TapeTrade } from "../../market/tape/frame-codec.ts";
import type { BtcturkPair } from "../btcturk-pairs.ts";
import { tickerFields, tickerOf } from "../ticker.ts";
import { BookWindow } from "./book-window.ts";
import { BookFrame, frame, MODEL, tradeFields } from "./frames.ts";

const TRADE_LIST = 50;

/** What one beat of a pair's feed has to tell. Nothing changed: nothing to tell. */
export interface Beat {
  readonly change: BookFrame | undefined;
  readonly book: BookFrame | undefined;
  readonly ticker: Buffer | undefined;
}

/** One pair's frames, made from the tape's market. */
export class PairFeed {
  readonly pair: BtcturkPair;
  readonly #market: SymbolMarket;
  readonly #statistics: DayStatistics;
  readonly #asks = new BookWindow("asks");
  readonly #bids = new BookWindow("bids");
  #lastTicker = "";

  constructor(pair: BtcturkPair, market: SymbolMarket, statistics: DayStatistics) {
    this.pair = pair;
    this.#market = market;
    this.#statistics = statistics;
    this.#asks.update(market.book);
    this.#bids.update(market.book);
  }

  /** The whole window as it was at the last beat: what a subscription starts from. */
  book(channel: string): BookFrame {
    const { symbol } = this.pair;
    const model = { PS: symbol, AO: this.#asks.all, BO: this.#bids.all, channel, event: symbol };
    return new BookFrame(MODEL.book, model);
  }

  /** The latest trades, newest first. */
  tradeList(): Buffer {
    const { symbol } = this.pair;
    const items = this.#market.recentTrades.slice(-TRADE_LIST).reverse().map(tradeFields);
    return frame(MODEL.tradeList, { symbol, items, channel: "trade", event: symbol, type: MODEL.tradeList });
  }

  trade(trade: TapeTrade): Buffer {
    const { symbol } = this.pair;
    const place = { PS: symbol, channel: "trade", event: symbol, type: MODEL.trade };
    return frame(MODEL.trade, { ...tradeFields(trade), ...place });
  }

  ticker(): Buffer {
    return frame(MODEL.tickerPair, {
      ...this.tickerFields(),
      channel: "ticker",
      event: this.pair.symbol,
      type: MODEL.tickerPair,
    });
  }

  /** The ticker as an item of the list of all. */
  tickerFields(): Record<string, unknown> {
    return tickerFields(this.pair, tickerOf(this.#market, this.#statistics));
  }

  /** Moves on to the market as it is now. */
  beat(): Beat {
    const { symbol } = this.pair;
    const AO = this.#asks.update(this.#market.book);
    const BO = this.#bids.update(this.#market.book);
    const isChanged = AO.length + BO.length > 0;
    const ticker = this.ticker();
    const isNewTicker = ticker.toString() !== this.#lastTicker;
    this.#lastTicker = ticker.toString();
    const model = { PS: symbol, AO, BO, channel: "obdiff", event: symbol };
    return {
      change: isChanged ? new BookFrame(MODEL.bookChange, model) : undefined,
      book: isChanged ? this.book("orderbook") : undefined,
      ticker: isNewTicker ? ticker : undefined,
    };
  }
}
