import { fromLevel } from "../../../market/tape/frame-codec.ts";
import type { Units } from "../../../market/units.ts";
import type { DerivedStreamKind } from "../derived-stream.ts";

const SECOND_MS = 1_000;

/** `<symbol>@depth`: the diffs of each second, combined from those of each 100 ms. */
export const slowDepthStream: DerivedStreamKind = (kindName) => {
  if (kindName !== "depth" && kindName !== "depth@1000ms") return undefined;
  const bids = new Map<Units, Units>();
  const asks = new Map<Units, Units>();
  let firstUpdateId: number | undefined;
  let second: number | undefined;
  return {
    isDepthDiff: true,
    onEvent: ({ event }) => {
      if (event.kind !== "depth") return [];
      const { diff } = event;
      firstUpdateId ??= diff.firstUpdateId;
      for (const [price, quantity] of diff.bids) bids.set(price, quantity);
      for (const [price, quantity] of diff.asks) asks.set(price, quantity);
      // A second ends with the diff that begins the next one: until then more diffs of that second may come.
      const diffSecond = Math.floor(diff.eventMs / SECOND_MS);
      second ??= diffSecond;
      if (diffSecond === second) return [];
      second = diffSecond;
      const gathered = {
        e: "depthUpdate",
        E: diff.eventMs,
        s: event.symbol,
        U: firstUpdateId,
        u: diff.lastUpdateId,
        b: [...bids].map(fromLevel),
        a: [...asks].map(fromLevel),
      };
      firstUpdateId = undefined;
      bids.clear();
      asks.clear();
      return [gathered];
    },
  };
};
