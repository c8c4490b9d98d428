import { formatUnits } from "../../../market/units.ts";
import { FILTER_AVERAGE_MINUTES, referencePrice } from "../../filters.ts";
import { type DerivedStreamKind, everySecond } from "../derived-stream.ts";

/** `<symbol>@avgPrice`: the mean price of the last five minutes. */
export const averagePriceStream: DerivedStreamKind = (kindName) => {
  if (kindName !== "avgPrice") return undefined;
  return everySecond((market) => ({
    e: "avgPrice",
    E: market.history.nowMs,
    s: market.symbol,
    i: `${FILTER_AVERAGE_MINUTES}m`,
    w: formatUnits(referencePrice(market) ?? 0n),
    T: market.history.averagePrice(FILTER_AVERAGE_MINUTES)?.lastTradeMs ?? market.history.nowMs,
  }));
};
