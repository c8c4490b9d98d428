import type { SymbolMarket } from "../../../market/market.ts";
import { aggregateView } from "../../market-view.ts";
import type { DerivedStreamKind } from "../derived-stream.ts";

/** `<symbol>@aggTrade`: the trades of one taker order at one price, combined. */
export const aggregateTradeStream: DerivedStreamKind = (kindName) => {
  if (kindName !== "aggTrade") return undefined;
  let publishedCount: number | undefined;
  return {
    onEvent: ({ market }) => {
      const { log, nowMs } = market.history;
      const fresh = publishedCount === undefined ? [] : log.aggregatesSince(publishedCount);
      publishedCount = log.aggregateCount;
      return fresh.map((trade) => aggregateEvent(market, nowMs, aggregateView(trade)));
    },
  };
};

function aggregateEvent({ symbol }: SymbolMarket, eventMs: number, fields: Record<string, unknown>) {
  return { e: "aggTrade", E: eventMs, s: symbol, ...fields };
}
