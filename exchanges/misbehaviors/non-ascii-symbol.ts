import { z } from "zod";
import {
  type BinanceMisbehavior,
  EXCHANGE_INFO,
  type SymbolRow,
  withSymbols,
} from "./binance-misbehavior.ts";

const options = z.strictObject({
  base: z.string().min(1).max(20).default("币安人生").describe("the base asset of the new symbol"),
});
const LIKE = "BTCUSDT";
const LISTS = new Set(["24hr", "price", "bookTicker"].map((list) => `GET /api/v3/ticker/${list}`));

/** The venue lists a symbol whose name is not ASCII, as it has done since October 2025. */
export const nonAsciiSymbol: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "non-ascii-symbol",
  description:
    "exchangeInfo and the lists of all tickers have a symbol whose name is not ASCII (币安人生USDT); the rest " +
    "of its row is that of BTCUSDT.",
  occasion: "exchangeInfo or list of tickers",
  options,
  call({ endpoint, proceed, strikes, active: { base } }) {
    const result = proceed();
    const list =
      LISTS.has(endpoint) && result.kind === "body" && Array.isArray(result.body) ? result.body : undefined;
    if ((endpoint !== EXCHANGE_INFO && list === undefined) || strikes() === undefined) return result;
    const twin = (row: SymbolRow, extra: SymbolRow = {}): SymbolRow[] =>
      row.symbol === LIKE ? [row, { ...row, ...extra, symbol: `${base}USDT` }] : [row];
    if (list === undefined) return withSymbols(endpoint, result, (info) => twin(info, { baseAsset: base }));
    return { ...result, kind: "body", body: (list as SymbolRow[]).flatMap((row) => twin(row)) };
  },
};
