import type { DepthDiff } from "./order-book.ts";
import type { TapeTrade } from "./tape/frame-codec.ts";

/** A frame as the venue's streams send it: serialized once, whatever the number of listeners. */
export interface Wire {
  /** The stream's name: `btcusdt@trade`. */
  readonly stream: string;
  /** The text of a combined stream: `{"stream":…,"data":…}`. */
  readonly envelope: Buffer;
  /** The text of a raw stream. */
  readonly data: Buffer;
}

/** A market event, in the tape's order. A depth event is emitted after the book was updated. */
export type MarketEvent =
  | { readonly kind: "depth"; readonly symbol: string; readonly wire: Wire; readonly diff: DepthDiff }
  | { readonly kind: "trade"; readonly symbol: string; readonly wire: Wire; readonly trade: TapeTrade }
  | { readonly kind: "bookTicker"; readonly symbol: string; readonly wire: Wire };
