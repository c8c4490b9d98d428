import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { levels } from "../../testing/tapes.ts";
import { openRecordedTape } from "./recorded-tape.ts";
import type { RecordedTrack } from "./recorded-track.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-tape-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SNAPSHOT = '{"lastUpdateId":7,"bids":[["10.00","1.0"]],"asks":[["11.00","2.0"]]}';
const linesOf = (symbol: string): string[] => [
  `1723161253000000000 {"stream":"${symbol}@trade","data":{"e":"trade","t":1,"note":"ğ"}}`,
  `1723161253000500000 ${SNAPSHOT}`,
  `1723161253001000000 {"stream":"${symbol}@bookTicker","data":{"u":8}}`,
];

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function load(path: string): Promise<readonly RecordedTrack[]> {
  const tape = openRecordedTape([path]);
  await tape.complete;
  return tape.tracks;
}

describe("a recorded tape", () => {
  it("keeps each frame's bytes and receive time, and the snapshot apart from them", async () => {
    const [track] = await load(write("x.gz", gzipSync(`${linesOf("btcusdt").join("\n")}\n`)));
    expect(track).toMatchObject({ symbol: "BTCUSDT", isComplete: true });
    expect(track?.snapshot).toEqual({
      lastUpdateId: 7,
      bids: levels(["10", "1"]),
      asks: levels(["11", "2"]),
    });
    const [trade, ticker] = track?.frames ?? [];
    expect(trade?.envelope.toString()).toBe(linesOf("btcusdt")[0]?.slice(20));
    expect(trade?.data.toString()).toBe('{"e":"trade","t":1,"note":"ğ"}');
    expect([trade?.kind, ticker?.kind]).toEqual(["trade", "bookTicker"]);
    expect((ticker?.atMs ?? 0) - (trade?.atMs ?? 0)).toBeCloseTo(1, 2);
  });

  it("can also be uncompressed, with or without a line end after its last frame", async () => {
    for (const end of ["", "\n"]) {
      const [track] = await load(write("x.jsonl", linesOf("ethusdt").join("\n") + end));
      expect(track?.frames).toHaveLength(2);
    }
  });

  it("has one track for each recording of a folder", async () => {
    write("eth.jsonl", linesOf("ethusdt").join("\n"));
    write("btc.gz", gzipSync(linesOf("btcusdt").join("\n")));
    write("readme.md", "nothing to play");
    expect((await load(folder)).map(({ symbol }) => symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
  });

  it("is refused when it is missing or the folder has no recording", () => {
    expect(() => openRecordedTape([join(folder, "nope.gz")])).toThrow(
      /Expected a market recording at .*nope\.gz/,
    );
    mkdirSync(join(folder, "empty"));
    expect(() => openRecordedTape([join(folder, "empty")])).toThrow(/found none/);
  });

  it.each([
    ["is no tape at all", "hello", /a receive time in ns and a space first in line 1/],
    [
      "has a stream of another kind",
      '1723161253000000000 {"stream":"x@kline_1m","data":{}}',
      /depth, trade or bookTicker/,
    ],
    [
      "has a frame that does not end",
      '1723161253000000000 {"stream":"x@trade","data":{',
      /depth, trade or bookTicker/,
    ],
    [
      "has no snapshot",
      '1723161253000000000 {"stream":"x@trade","data":{}}',
      /a depth snapshot up to the end/,
    ],
    [
      "has a broken snapshot",
      '1723161253000000000 {"lastUpdateId":"x"}',
      /lastUpdateId, bids and asks in line 1/,
    ],
  ])("is refused with the line when it %s", async (_, content, message) => {
    const failure = await load(write("bad.jsonl", content)).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({
      code: "bad-tape-line",
      exitCode: 64,
      message: expect.stringMatching(message),
    });
  });

  it("is refused when it mixes symbols, is truncated or does not match its name", async () => {
    const mixed = write("mixed.jsonl", [...linesOf("btcusdt"), ...linesOf("ethusdt")].join("\n"));
    await expect(load(mixed)).rejects.toThrow("Expected only frames of BTCUSDT in line 4 of mixed.jsonl.");
    const whole = gzipSync(linesOf("btcusdt").join("\n"));
    await expect(load(write("cut.gz", whole.subarray(0, 80)))).rejects.toMatchObject({
      code: "unreadable-tape",
    });
    await expect(load(write("plain.gz", "hello"))).rejects.toMatchObject({ code: "unreadable-tape" });
  });
});
