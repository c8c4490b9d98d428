import { describe, expect, it } from "vitest";
import { OrderBook } from "../order-book.ts";
import { decodeDepth, decodeTrade } from "./frame-codec.ts";
import { makeSyntheticTape } from "./synthetic-tape.ts";
import type { TapeFrame, TapeTrack } from "./tape.ts";

const MINUTE_MS = 60_000;

function framesOf(track: TapeTrack, minutes: number): TapeFrame[] {
  const frames: TapeFrame[] = [];
  const reader = track.read();
  const endMs = track.startMs + minutes * MINUTE_MS;
  for (let { next } = reader; typeof next !== "string" && next.atMs <= endMs; next = reader.next) {
    frames.push(next);
    reader.advance();
  }
  return frames;
}

const bytesOf = async (seed: number): Promise<string[]> =>
  (await makeSyntheticTape(seed).tracks).flatMap((track) =>
    framesOf(track, 1).map(({ atMs, envelope }) => `${atMs} ${envelope}`),
  );

describe("the synthetic tape", () => {
  it("is the same for the same seed, byte by byte, and another for another", async () => {
    const [first, again, other] = await Promise.all([bytesOf(7), bytesOf(7), bytesOf(8)]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });

  it("is the same for every reader: a reset restarts it", async () => {
    const [track] = await makeSyntheticTape(7).tracks;
    if (track === undefined) throw new Error("no track");
    expect(framesOf(track, 0.1)).toEqual(framesOf(track, 0.1));
  });

  it("has valid sequences, a snapshot of 1000 levels a side and a book that never crosses", async () => {
    for (const track of await makeSyntheticTape(3).tracks) {
      const { snapshot, symbol } = track;
      const frames = framesOf(track, 2);
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
