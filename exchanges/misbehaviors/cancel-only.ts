import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import { type BinanceMisbehavior, intentionOf, withSymbols } from "./binance-misbehavior.ts";

const options = z.strictObject({
  symbol: z.string().default("").describe("only this symbol; default: all"),
});

/** After an incident the venue allows cancellations before it allows new orders. */
export const cancelOnly: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "cancel-only",
  description:
    "A symbol goes CANCEL_ONLY mid-session: cancels work, a new order answers -1013, Market is closed.",
  occasion: "new order",
  options,
  call({ endpoint, parameter, proceed, strikes, active: { symbol } }) {
    const intention = intentionOf(endpoint);
    if (intention !== "place" && intention !== "replace") {
      return withSymbols(endpoint, proceed(), (info) => [
        symbol === "" || info.symbol === symbol ? { ...info, status: "CANCEL_ONLY" } : info,
      ]);
    }
    if (symbol !== "" && parameter("symbol") !== symbol) return proceed();
    if (strikes() === undefined) return proceed();
    throw binanceError.marketClosed();
  },
};
