import { type Candle, flatCandle } from "../../../market/history/candle.ts";
import { type Interval, intervalOf } from "../../../market/history/interval.ts";
import type { SymbolMarket } from "../../../market/market.ts";
import { formatUnits } from "../../../market/units.ts";
import { lastPriceOf } from "../../market-view.ts";
import type { DerivedStreamKind } from "../derived-stream.ts";

const KIND = /^kline_(1s|[1-9][0-9]?[mhdwM])(@\+08:00)?$/;
const CHINA_MS = 8 * 3_600_000;
/** Seconds between two frames; one-second candles are sent every second. */
const PERIOD_SECONDS = 2;

/**
 * `<symbol>@kline_<interval>[@+08:00]`: the current candle, and each candle a last time when it is closed.
 */
export const klineStream: DerivedStreamKind = (kindName) => {
  const match = KIND.exec(kindName);
  const interval = intervalOf(match?.[1] ?? "", match?.[2] === undefined ? 0 : CHINA_MS);
  if (interval === undefined) return undefined;
  let openMs: number | undefined;
  return {
    onEvent: ({ market, newSecond }) => {
      if (newSecond === undefined) return [];
      const { history } = market;
      const startMs = interval.startOf(history.nowMs);
      const frames: unknown[] = [];
      if (openMs !== undefined && startMs !== openMs) {
        const closed = history.candles(interval, { startMs: openMs, endMs: openMs, limit: 1 })[0];
        frames.push(klineEvent(market, interval, closed ?? flatCandle(openMs, lastPriceOf(market)), true));
      }
      openMs = startMs;
      if (interval.isSubMinute || newSecond % PERIOD_SECONDS === 0) {
        const current = history.currentCandle(interval) ?? flatCandle(startMs, lastPriceOf(market));
        frames.push(klineEvent(market, interval, current, false));
      }
      return frames;
    },
  };
};

function klineEvent(
  { symbol, history }: SymbolMarket,
  interval: Interval,
  candle: Candle,
  isClosed: boolean,
) {
  return {
    e: "kline",
    E: history.nowMs,
    s: symbol,
    k: {
      t: candle.openMs,
      T: interval.after(candle.openMs) - 1,
      s: symbol,
      i: interval.name,
      f: candle.firstTradeId,
      L: candle.lastTradeId,
      o: formatUnits(candle.open),
      c: formatUnits(candle.close),
      h: formatUnits(candle.high),
      l: formatUnits(candle.low),
      v: formatUnits(candle.volume),
      n: candle.count,
      x: isClosed,
      q: formatUnits(candle.quoteVolume),
      V: formatUnits(candle.takerBuyVolume),
      Q: formatUnits(candle.takerBuyQuoteVolume),
      B: "0",
    },
  };
}
