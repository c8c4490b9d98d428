import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import { type BinanceMisbehavior, intentionOf, withSymbols } from "./binance-misbehavior.ts";

const options = z.strictObject({
  symbol: z.string().default("").describe("only this symbol; default: the whole market"),
  status: z.enum(["HALT", "BREAK", "END_OF_DAY"]).default("HALT").describe("the status in exchangeInfo"),
});

/** Trading is halted during the session: orders can be neither placed nor canceled. */
export const marketHalted: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "market-halted",
  description:
    "The whole market, or one symbol, is halted mid-session: a new order answers -1013, Market is closed, a cancel " +
    "-2011; exchangeInfo has HALT. Books stop changing only when the tape is paused as well.",
  occasion: "request to place or cancel",
  options,
  call({ endpoint, parameter, proceed, strikes, active: { symbol, status } }) {
    if (intentionOf(endpoint) === undefined) {
      return withSymbols(endpoint, proceed(), (info) => [
        symbol === "" || info.symbol === symbol ? { ...info, status } : info,
      ]);
    }
    if (symbol !== "" && parameter("symbol") !== symbol) return proceed();
    if (strikes() === undefined) return proceed();
    throw intentionOf(endpoint) === "cancel"
      ? binanceError.cancelRejected("Market is closed.")
      : binanceError.marketClosed();
  },
};
