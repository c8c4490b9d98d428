import { describe, expect, it } from "vitest";
import { levels } from "../../testing/tapes.ts";
import { loadTape } from "./tape-loader.ts";

const BOOK = {
  CS: 5,
  PS: "BTCUSDT",
  AO: [{ A: "2", P: "11" }],
  BO: [{ A: "1", P: "10" }],
  channel: "obdiff",
};
const CHANGES = {
  CS: 6,
  PS: "BTCUSDT",
  AO: [
    { CP: 3, A: "2", P: "11" },
    { CP: 1, A: "4", P: "12" },
  ],
  BO: [{ CP: 0, A: "1.5", P: "10" }],
};
const TRADE = { PS: "BTCUSDT", D: "1", I: "a9", A: "0.5", P: "11", S: 1 };

async function* oneChunk(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

const tapeOf = (...lines: readonly string[]) =>
  loadTape([{ name: "frames.jsonl", chunks: oneChunk(lines.join("\n")) }]).tracks;

describe("a recording of BTCTurk", () => {
  it("is a book with its changes and trades, at the times when they were received", async () => {
    const [track] = await tapeOf(
      '1723161252000000000 [991,{"type":991}]',
      `1723161253000000000 ${JSON.stringify([431, BOOK])}`,
      `1723161253764000000 ${JSON.stringify([432, CHANGES])}`,
      `1723161254000000000 ${JSON.stringify([422, TRADE])}`,
    );
    expect(track?.snapshot).toEqual({
      lastUpdateId: 1,
      bids: levels(["10", "1"]),
      asks: levels(["11", "2"]),
    });
    expect(track?.frames.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ["depth", 1723161253764],
      ["bookTicker", 1723161253764],
      ["trade", 1723161254000],
    ]);
    expect(track?.frames.map(({ data }) => JSON.parse(data.toString()))).toMatchObject([
      {
        U: 2,
        u: 4,
        b: [["10.00000000", "1.50000000"]],
        a: [
          ["11.00000000", "0.00000000"],
          ["12.00000000", "4.00000000"],
        ],
      },
      { b: "10.00000000", B: "1.50000000", a: "12.00000000", A: "4.00000000" },
      { p: "11.00000000", q: "0.50000000", m: true, T: 1723161254000 },
    ]);
  });

  it("without times is played at the venue's pace", async () => {
    const [track] = await tapeOf(
      JSON.stringify([431, BOOK]),
      JSON.stringify([432, CHANGES]),
      JSON.stringify([432, { ...CHANGES, BO: [] }]),
    );
    const times = track?.frames.filter(({ kind }) => kind === "depth").map(({ atMs }) => atMs) ?? [];
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(764);
  });

  it.each([
    [
      "has no book",
      [JSON.stringify([432, CHANGES])],
      /a book of obdiff \(431\) with changes after it \(432\) up to the end/,
    ],
    [
      "has a frame of another form",
      [JSON.stringify([432, { PS: 1 }])],
      /a frame of BTCTurk's feed in line 1 of frames\.jsonl/,
    ],
    ["is cut within a frame", [JSON.stringify([431, BOOK]), "[432,"], /in line 2/],
  ])("is refused with the line when it %s", async (_, lines, message) => {
    await expect(tapeOf(...lines)).rejects.toMatchObject({
      code: "bad-tape-line",
      message: expect.stringMatching(message),
    });
  });
});
