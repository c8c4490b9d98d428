import type { MarketEvent } from "../market-event.ts";
import { ONE, type Units } from "../units.ts";
import { type Candle, joined } from "./candle.ts";
import { CandleSeries } from "./candle-series.ts";
import type { Interval } from "./interval.ts";
import { TradeLog } from "./trade-log.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** The number of candles kept: two hours of seconds and a fortnight of minutes. */
const KEPT = { seconds: 7_200, minutes: 20_160 } as const;

/** A symbol's trades, candles and statistics since its tape began, all in the tape's time. */
export class SymbolHistory {
  readonly log = new TradeLog();
  readonly #seconds = new CandleSeries(SECOND_MS, KEPT.seconds);
  readonly #minutes = new CandleSeries(MINUTE_MS, KEPT.minutes);
  #nowMs = 0;

  onMarketEvent(event: MarketEvent): void {
    if (event.kind === "depth") {
      this.#nowMs = Math.max(this.#nowMs, event.diff.eventMs);
      this.log.endAggregate();
    }
    if (event.kind !== "trade") return;
    this.#nowMs = Math.max(this.#nowMs, event.trade.tradeMs);
    this.log.add(event.trade);
    this.#seconds.add(event.trade);
    this.#minutes.add(event.trade);
  }

  /** The tape's time of the latest event, in ms since the epoch; 0 before the first. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Candles of an interval; see {@link CandleSeries.inIntervals}. */
  candles(
    interval: Interval,
    range: { startMs?: number | undefined; endMs: number; limit: number },
  ): readonly Candle[] {
    return (interval.isSubMinute ? this.#seconds : this.#minutes).inIntervals(interval, range);
  }

  /** The current candle, if it has trades. */
  currentCandle(interval: Interval): Candle | undefined {
    const openMs = interval.startOf(this.#nowMs);
    return this.#joinSince(interval.isSubMinute ? this.#seconds : this.#minutes, openMs);
  }

  /** The trades since a time as one candle, from the beginning of that time's minute. */
  since(fromMs: number): Candle | undefined {
    return this.#joinSince(this.#minutes, Math.floor(fromMs / MINUTE_MS) * MINUTE_MS);
  }

  /** The volume-weighted mean price of the last minutes; undefined when there were no trades. */
  averagePrice(minutes: number): { readonly price: Units; readonly lastTradeMs: number } | undefined {
    const fromMs = this.#nowMs - minutes * MINUTE_MS;
    const recent = this.#joinSince(this.#seconds, fromMs) ?? this.#minutes.last;
    if (recent === undefined || recent.volume === 0n) return undefined;
    return { price: (recent.quoteVolume * ONE) / recent.volume, lastTradeMs: recent.lastTradeMs };
  }

  #joinSince(series: CandleSeries, fromMs: number): Candle | undefined {
    const [first, ...rest] = series.since(fromMs);
    return first === undefined ? undefined : rest.reduce(joined, { ...first, openMs: fromMs });
  }
}
