import type { SymbolMarket } from "../../market/market.ts";
import type { MarketEvent } from "../../market/market-event.ts";

/** One event of a symbol's market. */
interface StreamEvent {
  readonly event: MarketEvent;
  readonly market: SymbolMarket;
  /** The second of the tape's clock, when this is its first event. */
  readonly newSecond: number | undefined;
}

/** A stream that the tape does not contain, computed from its events. It exists while it has listeners. */
export interface DerivedStream {
  /** Whether its frames are diffs of the book, which must be consecutive. */
  readonly isDepthDiff?: true;
  /** The payloads that result from an event, in order. */
  onEvent(beat: StreamEvent): readonly unknown[];
}

/** Creates the stream of one kind, if the part of the stream's name after the symbol names that kind. */
export type DerivedStreamKind = (kindName: string) => DerivedStream | undefined;

/** A stream that sends its state once a second. */
export function everySecond(view: (market: SymbolMarket) => unknown): DerivedStream {
  return {
    onEvent: ({ market, newSecond }) => (newSecond === undefined ? [] : [view(market)]),
  };
}
