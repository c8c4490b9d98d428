import type { DerivedStream, DerivedStreamKind } from "../derived-stream.ts";
import { aggregateTradeStream } from "./aggregate-trade.ts";
import { averagePriceStream } from "./average-price.ts";
import { klineStream } from "./kline.ts";
import { partialDepthStream } from "./partial-depth.ts";
import { slowDepthStream } from "./slow-depth.ts";
import { tickerStream } from "./ticker.ts";

const KINDS: readonly DerivedStreamKind[] = [
  aggregateTradeStream,
  averagePriceStream,
  klineStream,
  partialDepthStream,
  slowDepthStream,
  tickerStream,
];

/** Creates the derived stream of a name such as `kline_1m`; undefined when no kind has this name. */
export function openDerivedStream(kindName: string): DerivedStream | undefined {
  for (const kind of KINDS) {
    const stream = kind(kindName);
    if (stream !== undefined) return stream;
  }
  return undefined;
}
