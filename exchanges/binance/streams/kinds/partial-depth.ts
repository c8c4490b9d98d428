import type { SymbolMarket } from "../../../market/market.ts";
import { fromLevel } from "../../../market/tape/frame-codec.ts";
import { type DerivedStreamKind, everySecond } from "../derived-stream.ts";

const KIND = /^depth(5|10|20)(@100ms|@1000ms)?$/;

/** `<symbol>@depth<levels>[@100ms]`: the best levels of each side, without event type and time. */
export const partialDepthStream: DerivedStreamKind = (kindName) => {
  const match = KIND.exec(kindName);
  if (match === null) return undefined;
  const levels = Number(match[1]);
  const view = ({ book }: SymbolMarket): unknown => ({
    lastUpdateId: book.lastUpdateId,
    bids: book.top("bids", levels).map(fromLevel),
    asks: book.top("asks", levels).map(fromLevel),
  });
  if (match[2] !== "@100ms") return everySecond(view);
  // The tape has a diff every 100 ms.
  return { onEvent: ({ event, market }) => (event.kind === "depth" ? [view(market)] : []) };
};
