import type { Misbehaviour } from "./misbehaviour.ts";

/** A market data socket says nothing any more, but still answers pings. */
export const silentStream: Misbehaviour = {
  name: "silent-stream",
  description: "A market data socket says nothing any more, but still answers pings.",
  occasion: "market-socket",
};
