import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestSocket } from "../testing/socket.ts";
import { BTCTURK_CAPTURES, BTCUSDT_RECORDING, ETHUSDT_RECORDING, HAS_RECORDINGS } from "../testing/tapes.ts";
import { type ClientStub, startClientStub } from "./client-stub.ts";

const SYMBOLS = ["btcusdt", "ethusdt"];
const KINDS = ["depth@100ms", "trade", "bookTicker"];
const ENOUGH = 300;
let stub: ClientStub;

beforeAll(async () => {
  stub = await startClientStub();
});
afterAll(() => stub.exchanges.stop());

/**
 * Field names in order with their types; for decimals the number of digits after the point; for lists their
 * items.
 */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (value === null) return "null";
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
  if (typeof value !== "string") return typeof value;
  const decimals = /^\d+\.(\d+)$/.exec(value)?.[1];
  return decimals === undefined ? "string" : `decimal of ${decimals.length}`;
}

const shapesOf = (values: readonly unknown[]): Set<string> =>
  new Set(values.map((value) => JSON.stringify(shapeOf(value))));

function recordedFrames(path: string): string[] {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split("\n");
  return lines.map((line) => line.slice(line.indexOf(" ") + 1));
}

describe.skipIf(!HAS_RECORDINGS)("compared with Binance's recordings, the stub's own market", () => {
  const recorded = HAS_RECORDINGS ? [BTCUSDT_RECORDING, ETHUSDT_RECORDING].flatMap(recordedFrames) : [];

  it.each(KINDS)("writes %s with the same names and types", async (kind) => {
    const streams = SYMBOLS.map((symbol) => `${symbol}@${kind}`).join("/");
    await using socket = await TestSocket.open(`${stub.binance.ws}/stream?streams=${streams}`);
    await socket.until(({ messages }) => messages.length >= ENOUGH);
    const allowed = shapesOf(
      recorded.filter((frame) => frame.includes(`@${kind}",`)).map((frame) => JSON.parse(frame)),
    );
    expect(allowed.size).toBeGreaterThan(0);
    expect([...shapesOf(socket.parsed)].filter((shape) => !allowed.has(shape))).toEqual([]);
  });

  it.each(SYMBOLS)("writes the snapshot of %s with the same names and types", async (symbol) => {
    const url = `${stub.binance.rest}/api/v3/depth?symbol=${symbol.toUpperCase()}&limit=1000`;
    const snapshots = recorded.filter((frame) => frame.startsWith('{"lastUpdateId"'));
    const allowed = shapesOf(snapshots.map((frame) => JSON.parse(frame)));
    expect([...shapesOf([await (await fetch(url)).json()])]).toEqual([...allowed]);
  });
});

describe.skipIf(!HAS_RECORDINGS)("compared with BTCTurk's captured frames, the stub's feed", () => {
  /** An empty side, or one with fewer kinds of changes, counts as the same shape. */
  const namesOf = (frame: unknown): string =>
    JSON.stringify(frame, (name, value) => {
      if (Array.isArray(value) && name.length === 2)
        return value.slice(0, 1).map((level) => Object.keys(level));
      return typeof value === "object" && value !== null ? value : typeof value;
    });

  it("answers each frame of the client with frames of the same names and types", async () => {
    const captured = readFileSync(join(BTCTURK_CAPTURES, "frames.jsonl"), "utf8").trim().split("\n");
    const frames = captured.map((line) => JSON.parse(line));
    const ofVenue = frames.filter(([type]) => type !== 151);
    const [ask] = frames.filter(([type]) => type === 151);
    await using socket = await TestSocket.open(`ws://127.0.0.1:${stub.exchanges.addresses.btcturk.wsPort}`);
    socket.send(ask);
    socket.send(ask);
    socket.send([151, { ...ask[1], channel: "ticker" }]);
    for (const like of ofVenue) {
      const sent = await socket.message((frame) => namesOf(frame) === namesOf(like));
      expect(sent[0]).toBe(like[0]);
      if (like[0] === 100) expect(socket.parsed).toContainEqual(like);
    }
  });
});
