import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { startExchanges } from "./start-exchanges.ts";
import { TestSocket } from "./testing/socket.ts";
import { BTCUSDT_RECORDING, ETHUSDT_RECORDING, HAS_RECORDINGS } from "./testing/tapes.ts";

const STREAMS = ["depth@100ms", "trade", "bookTicker"];
/** Tape seconds per second: late timers catch up, so that a slow machine only takes longer. */
const FAST = 300;

type Side = Map<string, string>;
interface Diff {
  readonly U: number;
  readonly u: number;
  readonly b: [string, string][];
  readonly a: [string, string][];
}

interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: [string, string][];
  readonly asks: [string, string][];
}

/** A recording as plain text lines, read without the stub's own code. */
function recordedLines(path: string): string[] {
  const text = gunzipSync(readFileSync(path)).toString();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(line.indexOf(" ") + 1));
}

function applyTo(book: { b: Side; a: Side }, diff: Diff): void {
  for (const side of ["b", "a"] as const) {
    for (const [price, quantity] of diff[side]) {
      if (Number(quantity) === 0) book[side].delete(price);
      else book[side].set(price, quantity);
    }
  }
}

const bookOf = (snapshot: Snapshot) => ({
  b: new Map(snapshot.bids),
  a: new Map(snapshot.asks),
});
const dataOf = (frame: string): string => frame.slice(frame.indexOf('"data":') + 7, -1);
const upTo = (texts: string[], last: string): string[] => texts.slice(0, texts.indexOf(last) + 1);
const sorted = (book: { b: Side; a: Side }) => [[...book.b].sort(), [...book.a].sort()];

const gapsIn = (diffs: readonly Diff[]): number[] =>
  diffs.flatMap(({ U }, index) => (index === 0 || U === (diffs[index - 1]?.u ?? 0) + 1 ? [] : [U]));

describe.skipIf(!HAS_RECORDINGS)("a recorded session, replayed through the stub from its first frame", () => {
  it.each([
    ["BTCUSDT", BTCUSDT_RECORDING],
    ["ETHUSDT", ETHUSDT_RECORDING],
  ])(
    "of %s reaches raw and combined clients byte for byte and builds the file's own book",
    async (symbol, path) => {
      const lines = recordedLines(path);
      const frames = lines.filter((line) => line.startsWith('{"stream"'));
      const last = frames.at(-1) ?? "";
      await using exchanges = await startExchanges({
        tape: path,
        tapeSpeed: FAST,
        tapeTime: "recorded",
        tapeStart: "paused",
      });
      const { restPort, wsPort } = exchanges.addresses.binance;
      const ws = `ws://127.0.0.1:${wsPort}`;
      const streams = STREAMS.map((stream) => `${symbol.toLowerCase()}@${stream}`).join("/");
      await using combined = await TestSocket.open(`${ws}/stream?streams=${streams}`);
      await using raw = await TestSocket.open(`${ws}/ws/${streams}`);
      const url = `http://127.0.0.1:${restPort}/api/v3/depth?symbol=${symbol}&limit=5000`;
      const snapshot = (await (await fetch(url)).json()) as Snapshot;
      await fetch(`${exchanges.addresses.control}/resume`, { method: "POST" });
      await combined.until(({ messages }) => messages.at(-1)?.toString() === last);
      await raw.until(({ messages }) => messages.at(-1)?.toString() === dataOf(last));

      // The stub continues with the next pass; frames after the recording's last one are not compared.
      const received = upTo(combined.texts, last);
      expect(received.length).toBe(frames.length);
      expect(received.join("\n") === frames.join("\n")).toBe(true);
      expect(upTo(raw.texts, dataOf(last)).join("\n") === frames.map(dataOf).join("\n")).toBe(true);

      const isDepth = (text: string): boolean =>
        text.includes(`"stream":"${symbol.toLowerCase()}@depth@100ms"`);
      const client = bookOf(snapshot);
      const diffs: Diff[] = received.filter(isDepth).map((text) => JSON.parse(text).data);
      expect(gapsIn(diffs)).toEqual([]);
      for (const diff of diffs.filter(({ u }) => u > snapshot.lastUpdateId)) applyTo(client, diff);

      const recorded: Snapshot = JSON.parse(lines.find((line) => line.startsWith('{"lastUpdateId"')) ?? "");
      expect(snapshot).toEqual(recorded);
      const file = bookOf(recorded);
      const all: Diff[] = frames.filter(isDepth).map((text) => JSON.parse(text).data);
      for (const diff of all.filter(({ u }) => u > recorded.lastUpdateId)) applyTo(file, diff);
      expect(sorted(client)).toEqual(sorted(file));
    },
  );
});
