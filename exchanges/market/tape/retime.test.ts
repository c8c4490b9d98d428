import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeEnvelope } from "./frame-codec.ts";
import { AS_RECORDED, retimed } from "./retime.ts";
import type { FrameKind, TapeFrame } from "./tape.ts";

const RECORDED_MS = 1_723_161_253_000;
const LIVE_MS = 1_796_000_000_123;

function frame(kind: FrameKind, stream: string, data: object): TapeFrame {
  return { atMs: 0, kind, stream, ...encodeEnvelope(stream, data) };
}

const toLive = (tapeMs: number): number => tapeMs - RECORDED_MS + LIVE_MS;
const dataOf = ({ data }: TapeFrame): unknown => JSON.parse(data.toString());

describe("a frame with changed times", () => {
  it("is the same frame except for its times", () => {
    const level = fc.tuple(fc.constant("1.00"), fc.stringMatching(/^[0-9]{1,8}$/));
    const time = fc.integer({ min: 0, max: 3e12 });
    const data = fc.record({
      e: fc.constant("depthUpdate"),
      E: time,
      s: fc.constant("BTCUSDT"),
      b: fc.array(level),
    });
    fc.assert(
      fc.property(data, (sent) => {
        const moved = retimed(frame("depth", "btcusdt@depth@100ms", sent), toLive);
        const expected = { ...sent, E: toLive(sent.E) };
        expect(dataOf(moved)).toEqual(expected);
        const envelope = { stream: "btcusdt@depth@100ms", data: expected };
        expect(JSON.parse(moved.envelope.toString())).toEqual(envelope);
      }),
    );
  });

  it("has the trade's time changed as well, floored, and its ids unchanged", () => {
    const sent = {
      e: "trade",
      E: RECORDED_MS + 2,
      s: "BTCUSDT",
      t: RECORDED_MS,
      p: "1",
      q: "2",
      T: RECORDED_MS,
      m: true,
    };
    const moved = retimed(frame("trade", "btcusdt@trade", sent), (ms) => toLive(ms) + 0.7);
    expect(dataOf(moved)).toEqual({ ...sent, E: LIVE_MS + 2, T: LIVE_MS });
  });

  it("never shares the recording's own bytes", () => {
    const recorded = frame("depth", "btcusdt@depth", { E: RECORDED_MS });
    const before = recorded.envelope.toString();
    retimed(recorded, toLive);
    expect(recorded.envelope.toString()).toBe(before);
  });

  it("is unchanged when it has no time, or should be as recorded", () => {
    const ticker = frame("bookTicker", "btcusdt@bookTicker", { u: 1, b: "1" });
    expect(retimed(ticker, toLive)).toBe(ticker);
    const depth = frame("depth", "btcusdt@depth", { E: RECORDED_MS });
    expect(retimed(depth, AS_RECORDED)).toBe(depth);
  });

  it("may have white space, or a time of fewer digits", () => {
    const text = '{ "e": "depthUpdate", "E": 1723161253000 }';
    const envelope = Buffer.from(`{"stream":"x@depth","data":${text}}`);
    const spaced = { atMs: 0, kind: "depth", stream: "x@depth", envelope, data: Buffer.from(text) } as const;
    expect(dataOf(retimed(spaced, toLive))).toEqual({ e: "depthUpdate", E: LIVE_MS });
    expect(dataOf(retimed(frame("depth", "x@depth", { E: 5 }), () => LIVE_MS))).toEqual({ E: LIVE_MS });
  });
});
