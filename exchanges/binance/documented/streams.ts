import { type CallState, differs, MISSING, RIGHT } from "./call-state.ts";

/** The documented market data streams. */
export const DOCUMENTED_STREAMS: readonly (readonly [stream: string, state: CallState])[] = [
  ["<symbol>@aggTrade", RIGHT],
  ["<symbol>@trade", RIGHT],
  ["<symbol>@kline_<interval>", differs("candles since the tape began")],
  ["<symbol>@kline_<interval>@+08:00", differs("candles since the tape began")],
  ["<symbol>@miniTicker", differs("statistics since the tape began")],
  ["!miniTicker@arr", differs("statistics since the tape began")],
  ["<symbol>@ticker", differs("statistics since the tape began")],
  ["<symbol>@ticker_<window>", differs("statistics since the tape began")],
  ["!ticker_<window>@arr", differs("statistics since the tape began")],
  ["<symbol>@bookTicker", RIGHT],
  ["<symbol>@avgPrice", RIGHT],
  ["<symbol>@depth<levels>[@100ms]", RIGHT],
  ["<symbol>@depth[@100ms]", RIGHT],
  ["<symbol>@referencePrice", MISSING],
  ["<symbol>@blockTrade", MISSING],
];
