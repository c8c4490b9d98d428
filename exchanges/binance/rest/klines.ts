import { type Interval, intervalOf } from "../../market/history/interval.ts";
import { binanceError } from "../binance-error.ts";
import { klineView } from "../market-view.ts";
import { type BinanceContext, body, type Endpoint, limitOf, marketOf, symbolOf } from "./context.ts";
import type { Parameters } from "./parameters.ts";

const TIME_ZONE = "^([+-]?[0-9]{1,2})(:([0-9]{2}))?$";
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const KLINES: Endpoint = { access: "public", weight: () => 2, answer: klines };

/** Candles. In the stub `uiKlines` returns the same candles as `klines`. */
export const KLINE_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /api/v3/klines": KLINES,
  "GET /api/v3/uiKlines": KLINES,
};

function klines(context: BinanceContext, parameters: Parameters) {
  const { history } = marketOf(context, symbolOf(context, parameters));
  const interval = wantedInterval(parameters);
  const candles = history.candles(interval, {
    startMs: parameters.timeMs("startTime"),
    endMs: parameters.timeMs("endTime") ?? Number.POSITIVE_INFINITY,
    limit: limitOf(parameters),
  });
  return body(candles.map((candle) => klineView(candle, interval.after(candle.openMs) - 1)));
}

/** The interval of a request. Throws -1102, -1120, or -1100 for its time zone. */
function wantedInterval(parameters: Parameters): Interval {
  const interval = intervalOf(parameters.mandatory("interval"), timeZoneMs(parameters));
  if (interval === undefined) throw binanceError.invalidInterval();
  return interval;
}

/** The offset of `timeZone` from UTC, `0` when it was not sent: `-1:00`, `05:45`, `8`. Throws -1100. */
export function timeZoneMs(parameters: Parameters): number {
  const zone = parameters.matching("timeZone", TIME_ZONE) ?? "0";
  const [hours = "0", minutes = "0"] = zone.split(":");
  const sign = hours.startsWith("-") ? -1 : 1;
  return Number(hours) * HOUR_MS + sign * Number(minutes) * MINUTE_MS;
}
