import type { SymbolMarket } from "../../market/market.ts";
import type { MarketEvent } from "../../market/market-event.ts";

/** One beat of a symbol's market. */
interface Beat {
  readonly event: MarketEvent;
  readonly market: SymbolMarket;
  /** The second of the tape's clock, when this event is the first in it. */
  readonly newSecond: number | undefined;
}

/** A stream that the tape does not hold, made from what it tells. It exists while somebody listens. */
export interface DerivedStream {
  /** Whether its frames are diffs of the book, which must follow each other without a gap. */
  readonly isDepthDiff?: true;
  /** The payloads that a beat brings, in order. */
  onBeat(beat: Beat): readonly unknown[];
}

/** Makes the stream of one kind, if what stands behind the symbol in the stream's name is one of that kind. */
export type DerivedStreamKind = (kindName: string) => DerivedStream | undefined;

/** A stream that tells its state once a second. */
export function everySecond(view: (market: SymbolMarket) => unknown): DerivedStream {
  return {
    onBeat: ({ market, newSecond }) => (newSecond === undefined ? [] : [view(market)]),
  };
}
