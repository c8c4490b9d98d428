import type { SymbolMarket } from "../../../market/market.ts";
import { formatUnits } from "../../../market/units.ts";
import { type Statistics, statisticsSince, touchOf } from "../../market-view.ts";
import { type DerivedStreamKind, everySecond } from "../derived-stream.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WINDOW_MS: ReadonlyMap<string, number> = new Map([
  ["1h", HOUR_MS],
  ["4h", 4 * HOUR_MS],
  ["1d", DAY_MS],
]);

/** `<symbol>@ticker`, `@miniTicker` and `@ticker_<1h|4h|1d>`: statistics, once a second. */
export const tickerStream: DerivedStreamKind = (kindName) => {
  const view = tickerViewOf(kindName);
  return view === undefined ? undefined : everySecond(view);
};

/** A symbol's view in the ticker of that name; the streams of all symbols send a list of these. */
export function tickerViewOf(kindName: string): ((market: SymbolMarket) => unknown) | undefined {
  if (kindName === "ticker") return dayTicker;
  if (kindName === "miniTicker") return miniTicker;
  const size = kindName.startsWith("ticker_") ? kindName.slice("ticker_".length) : "";
  const windowMs = WINDOW_MS.get(size);
  return windowMs === undefined ? undefined : (market) => windowTicker(market, size, windowMs);
}

function miniTicker(market: SymbolMarket) {
  const { nowMs } = market.history;
  const { close, open, high, low, volume, quoteVolume } = statisticsSince(market, nowMs - DAY_MS);
  return {
    e: "24hrMiniTicker",
    E: nowMs,
    s: market.symbol,
    c: formatUnits(close),
    o: formatUnits(open),
    h: formatUnits(high),
    l: formatUnits(low),
    v: formatUnits(volume),
    q: formatUnits(quoteVolume),
  };
}

function dayTicker(market: SymbolMarket) {
  const { nowMs } = market.history;
  const statistics = statisticsSince(market, nowMs - DAY_MS);
  const { bid, ask } = touchOf(market);
  return {
    e: "24hrTicker",
    E: nowMs,
    s: market.symbol,
    p: formatUnits(statistics.change),
    P: statistics.changePercent,
    w: formatUnits(statistics.weightedAverage),
    x: formatUnits(statistics.open),
    c: formatUnits(statistics.close),
    Q: formatUnits(statistics.lastQuantity),
    b: bid[0],
    B: bid[1],
    a: ask[0],
    A: ask[1],
    ...boundsOf(statistics),
    O: nowMs - DAY_MS,
    C: nowMs,
    ...idsOf(statistics),
  };
}

/** Its window begins at a whole minute. */
function windowTicker(market: SymbolMarket, size: string, windowMs: number) {
  const { nowMs } = market.history;
  const openMs = Math.floor((nowMs - windowMs) / MINUTE_MS) * MINUTE_MS;
  const statistics = statisticsSince(market, openMs);
  return {
    e: `${size}Ticker`,
    E: nowMs,
    s: market.symbol,
    p: formatUnits(statistics.change),
    P: statistics.changePercent,
    c: formatUnits(statistics.close),
    w: formatUnits(statistics.weightedAverage),
    ...boundsOf(statistics),
    O: openMs,
    C: nowMs,
    ...idsOf(statistics),
  };
}

function boundsOf({ open, high, low, volume, quoteVolume }: Statistics) {
  return {
    o: formatUnits(open),
    h: formatUnits(high),
    l: formatUnits(low),
    v: formatUnits(volume),
    q: formatUnits(quoteVolume),
  };
}

function idsOf({ firstTradeId, lastTradeId, count }: Statistics) {
  return { F: firstTradeId, L: lastTradeId, n: count };
}
