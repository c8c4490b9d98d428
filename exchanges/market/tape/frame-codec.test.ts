import { describe, expect, it } from "vitest";
import { decodeDepth, decodeTrade, lastUpdateIdOf, shiftFrame } from "./frame-codec.ts";
import type { TapeFrame } from "./tape.ts";

const DEPTH = { e: "depthUpdate", E: 1, s: "BTCUSDT", U: 11, u: 12, b: [["61000.01", "0"]], a: [] };
const TRADE = { e: "trade", E: 1, s: "BTCUSDT", t: 5, p: "61000.02", q: "0.1", m: true, T: 1 };
const SHIFT = { updateIds: 1, tradeIds: 1, timeMs: 1 };
/** An object whose own `toString` makes every conversion of it throw. */
const UNCONVERTIBLE = { toString: null, valueOf: null };
const NO_NUMBERS = ["7", null, [], {}, UNCONVERTIBLE];

const bytes = (data: unknown) => Buffer.from(JSON.stringify(data));
const frame = (data: unknown): TapeFrame => ({
  atMs: 0,
  kind: "depth",
  stream: "btcusdt@depth@100ms",
  envelope: bytes({ stream: "btcusdt@depth@100ms", data }),
  data: bytes(data),
});

describe("a frame of a recording that is not as a venue writes it", () => {
  it.each(["E", "U", "u"])("is refused for the %s of a depth frame that is no number", (field) => {
    for (const value of NO_NUMBERS) {
      expect(() => decodeDepth(bytes({ ...DEPTH, [field]: value }))).toThrow(
        expect.objectContaining({ code: "bad-tape-frame" }),
      );
    }
  });

  it.each(["t", "T", "p", "q"])("is refused for the %s of a trade that is none", (field) => {
    const values = field === "t" || field === "T" ? NO_NUMBERS : [null, [], {}, UNCONVERTIBLE, "a", "1e5"];
    for (const value of values) {
      expect(() => decodeTrade(bytes({ ...TRADE, [field]: value }))).toThrow(
        expect.objectContaining({ code: "bad-tape-frame" }),
      );
    }
  });

  it("is refused before it is sent again in a later pass", () => {
    for (const value of NO_NUMBERS) {
      const bad = frame({ ...DEPTH, u: value, U: value });
      expect(() => lastUpdateIdOf(bad)).toThrow(expect.objectContaining({ code: "bad-tape-frame" }));
      expect(() => shiftFrame(bad, SHIFT, 1)).toThrow(expect.objectContaining({ code: "bad-tape-frame" }));
    }
  });
});
