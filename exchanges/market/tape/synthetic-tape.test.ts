import { describe, expect, it } from "vitest";
import { OrderBook } from "../order-book.ts";
import { decodeDepth, decodeTrade } from "./frame-codec.ts";
import { makeSyntheticTape } from "./synthetic-tape.ts";
import type { TapeTrack } from "./tape.ts";

const load = async (seed: number): Promise<readonly TapeTrack[]> => {
  const tape = makeSyntheticTape(seed);
  await tape.complete;
  return tape.tracks;
};
const bytesOf = (tracks: readonly TapeTrack[]): string[] =>
  tracks.flatMap(({ frames }) => frames.map(({ atMs, envelope }) => `${atMs} ${envelope}`));

describe("the synthetic tape", () => {
  it("is the same for the same seed, byte by byte, and another for another", async () => {
    const [first, again, other] = await Promise.all([load(7), load(7), load(8)]);
    expect(bytesOf(first)).toEqual(bytesOf(again));
    expect(bytesOf(first)).not.toEqual(bytesOf(other));
  });

  it("has valid sequences, a snapshot of 1000 levels a side and a book that never crosses", async () => {
    for (const { snapshot, frames, symbol } of await load(3)) {
      expect([snapshot.bids.length, snapshot.asks.length], symbol).toEqual([1_000, 1_000]);
      const book = new OrderBook();
      book.load(snapshot);
      let tradeId: number | undefined;
      const crossed: number[] = [];
      for (const frame of frames) {
        if (frame.kind === "trade") {
          const trade = decodeTrade(frame.data);
          expect(trade.tradeId).toBe((tradeId ?? trade.tradeId - 1) + 1);
          tradeId = trade.tradeId;
        }
        if (frame.kind !== "depth") continue;
        const diff = decodeDepth(frame.data);
        expect(diff.firstUpdateId).toBe(book.lastUpdateId + 1);
        book.apply(diff);
        if ((book.bids.bestPrice ?? 0n) >= (book.asks.bestPrice ?? 0n)) crossed.push(diff.lastUpdateId);
      }
      expect(crossed).toEqual([]);
      expect(frames.map(({ atMs }) => atMs)).toEqual(frames.map(({ atMs }) => atMs).sort((a, b) => a - b));
      expect(tradeId, symbol).toBeDefined();
    }
  });
});
