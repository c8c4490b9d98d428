import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { startExchanges } from "./start-exchanges.ts";
import { TestSocket } from "./testing/socket.ts";
import { BTCUSDT_RECORDING, HAS_RECORDINGS } from "./testing/tapes.ts";

const STREAMS = ["btcusdt@depth@100ms", "btcusdt@trade", "btcusdt@bookTicker"];
const FAST = 150;

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

/** The recording as plain text lines, read by nothing of the stub's own. */
function recordedLines(): string[] {
  const text = gunzipSync(readFileSync(BTCUSDT_RECORDING)).toString();
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

describe.skipIf(!HAS_RECORDINGS)("a recorded session, replayed through the stub", () => {
  it("reaches raw and combined clients byte for byte and builds the file's own book", async () => {
    const lines = recordedLines();
    const frames = lines.filter((line) => line.startsWith('{"stream"'));
    const last = frames.at(-1) ?? "";
    await using exchanges = await startExchanges({ tape: BTCUSDT_RECORDING, tapeSpeed: FAST });
    const { restPort, wsPort } = exchanges.addresses.binance;
    const ws = `ws://127.0.0.1:${wsPort}`;
    await using combined = await TestSocket.open(`${ws}/stream?streams=${STREAMS.join("/")}`);
    await using raw = await TestSocket.open(`${ws}/ws/${STREAMS.join("/")}`);
    const url = `http://127.0.0.1:${restPort}/api/v3/depth?symbol=BTCUSDT&limit=5000`;
    const snapshot = (await (await fetch(url)).json()) as Snapshot;
    await combined.until(({ messages }) => messages.at(-1)?.toString() === last);
    await raw.until(({ messages }) => messages.at(-1)?.toString() === dataOf(last));

    // The stub goes on with the next pass at once: what came after the recording's last frame is not looked at.
    const heard = upTo(combined.texts, last);
    const heardRaw = upTo(raw.texts, dataOf(last));
    const from = frames.indexOf(heard[0] ?? "");
    expect(from).toBeGreaterThanOrEqual(0);
    expect(heard.length).toBeGreaterThan(frames.length / 2);
    expect(heard.join("\n") === frames.slice(from).join("\n")).toBe(true);
    const bare = frames.map(dataOf);
    expect(heardRaw.join("\n") === bare.slice(bare.indexOf(heardRaw[0] ?? "")).join("\n")).toBe(true);

    const isDepth = (text: string): boolean => text.includes('"stream":"btcusdt@depth@100ms"');
    const client = bookOf(snapshot);
    const diffs: Diff[] = heard.filter(isDepth).map((text) => JSON.parse(text).data);
    for (const diff of diffs.filter(({ u }) => u > snapshot.lastUpdateId)) applyTo(client, diff);

    const recorded: Snapshot = JSON.parse(lines.find((line) => line.startsWith('{"lastUpdateId"')) ?? "");
    const file = bookOf(recorded);
    const all: Diff[] = frames.filter(isDepth).map((text) => JSON.parse(text).data);
    for (const diff of all.filter(({ u }) => u > recorded.lastUpdateId)) applyTo(file, diff);
    expect(sorted(client)).toEqual(sorted(file));
  });
});
