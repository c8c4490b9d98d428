import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import { formatUnits, parseUnits } from "../market/units.ts";
import { type BinanceMisbehavior, intentionOf, withSymbols } from "./binance-misbehavior.ts";
import { decimal } from "./options.ts";

const options = z.strictObject({
  symbol: z.string().default("BTCUSDT").describe("the symbol"),
  tickSize: decimal("0.1", "its new tick size"),
});
const PLAIN_DECIMAL = /^\d{1,12}(\.\d{1,8})?$/;

/** The venue coarsens a tick size during trading; clients that cached the old one are refused. */
export const tickSizeChanged: BinanceMisbehavior<z.output<typeof options>> = {
  name: "tick-size-changed",
  description:
    "A symbol's tick size changes mid-session: exchangeInfo has the new one, and an order off the new grid " +
    "answers -1013, Filter failure: PRICE_FILTER.",
  occasion: "new order of the symbol whose price is off the new grid",
  options,
  call({ endpoint, parameter, proceed, strikes, active: { symbol, tickSize } }) {
    const intention = intentionOf(endpoint);
    if (intention !== "place" && intention !== "replace") {
      const grid = formatUnits(tickSize);
      return withSymbols(endpoint, proceed(), (info) => [
        info.symbol === symbol ? { ...info, filters: withTickSize(info.filters, grid) } : info,
      ]);
    }
    const price = parameter("price") ?? "";
    const isOff = PLAIN_DECIMAL.test(price) && parseUnits(price) % tickSize !== 0n;
    if (!isOff || parameter("symbol") !== symbol || strikes() === undefined) return proceed();
    throw binanceError.filterFailure("PRICE_FILTER");
  },
};

function withTickSize(filters: unknown, tickSize: string): unknown {
  if (!Array.isArray(filters)) return filters;
  return filters.map((filter: Record<string, unknown>) =>
    filter.filterType === "PRICE_FILTER" ? { ...filter, tickSize } : filter,
  );
}
