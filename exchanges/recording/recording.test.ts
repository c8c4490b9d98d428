import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { systemClock } from "../../core/index.ts";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { TestSocket } from "../testing/socket.ts";
import { recordBinance } from "./record-binance.ts";
import { recordBtcturk } from "./record-btcturk.ts";

let exchanges: RunningExchanges;
let folder: string;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 3, tapeSpeed: 10 });
  await exchanges.ready;
});
afterAll(() => exchanges.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-recording-"));
});
afterEach(() => rm(folder, { recursive: true }));

const options = (venue: "binance" | "btcturk", durationMs = 1_500) => ({
  webSocketUrl: `ws://127.0.0.1:${exchanges.addresses[venue].wsPort}`,
  restUrl: `http://127.0.0.1:${exchanges.addresses[venue].restPort}`,
  allowedHosts: [],
  symbols: ["BTCUSDT"],
  durationMs,
  folder,
  clock: systemClock,
  filter: (text: string) => text,
  signal: new AbortController().signal,
});
const linesOf = async (path: string) => {
  const bytes = await readFile(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString().trimEnd().split("\n");
};

describe("a recording of Binance", () => {
  it("is a tape: played back, every frame reaches a client as it was recorded, in order", async () => {
    // Long enough for a frame of each stream on a busy machine, too.
    const files = await recordBinance({ ...options("binance", 4_000), symbols: ["BTCUSDT", "ETHUSDT"] });
    expect(files.map(({ path }) => path)).toEqual([
      expect.stringMatching(/btcusdt_\d{8}\.gz$/),
      expect.stringMatching(/ethusdt_\d{8}\.gz$/),
    ]);
    const lines = await linesOf(files[0]?.path ?? "");
    const recorded = lines
      .map((line) => line.slice(line.indexOf(" ") + 1))
      .filter((text) => text.startsWith('{"stream"'));
    expect(recorded.length).toBe(files[0]?.frames);
    expect(new Set(recorded.map((text) => JSON.parse(text).stream))).toEqual(
      new Set(["btcusdt@depth@100ms", "btcusdt@trade", "btcusdt@bookTicker"]),
    );

    await using player = await startExchanges({
      tape: folder,
      tapeSpeed: 50,
      tapeTime: "recorded",
      tapeStart: "paused",
    });
    await player.ready;
    const streams = "btcusdt@depth@100ms/btcusdt@trade/btcusdt@bookTicker";
    await using socket = await TestSocket.open(
      `ws://127.0.0.1:${player.addresses.binance.wsPort}/stream?streams=${streams}`,
    );
    await fetch(`${player.addresses.control}/resume`, { method: "POST" });
    await socket.until(({ messages }) => messages.length >= recorded.length);
    expect(socket.texts.slice(0, recorded.length)).toEqual(recorded);
  });

  it("takes its depth snapshot after the first change of the book, and its times never go back", async () => {
    const [file] = await recordBinance(options("binance"));
    const lines = await linesOf(file?.path ?? "");
    const snapshot = lines.findIndex((line) => line.includes(' {"lastUpdateId"'));
    expect(lines.findIndex((line) => line.includes("@depth@"))).toBeLessThan(snapshot);
    const times = lines.map((line) => BigInt(line.slice(0, line.indexOf(" "))));
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0n))).toBe(true);
    expect(Math.abs(Number((times[0] ?? 0n) / 1_000_000n) - Date.now())).toBeLessThan(60_000);
  });

  it("does not overwrite an existing one", async () => {
    await recordBinance(options("binance", 500));
    await expect(recordBinance(options("binance", 500))).rejects.toMatchObject({
      code: "recording-exists",
      exitCode: 64,
    });
  });

  it("fails without a depth snapshot: the tape could not be played", async () => {
    const asked = { ...options("binance"), restUrl: exchanges.addresses.control };
    await expect(recordBinance(asked)).rejects.toMatchObject({
      code: "no-snapshot",
      message: expect.stringContaining("BTCUSDT, got Error: HTTP 404"),
    });
  });

  it("fails when the stream ends too early, and leaves a readable file", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      socket.send('{"stream":"btcusdt@trade","data":{}}');
      socket.close(1001);
    });
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const recording = recordBinance({ ...options("binance"), webSocketUrl: `ws://127.0.0.1:${port}` });
    await expect(recording).rejects.toMatchObject({
      code: "stream-ended",
      message: expect.stringMatching(/for 1\.5 s, got the end of the connection \(1001\)/),
      exitCode: 69,
    });
    server.close();
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
    const [line] = await linesOf(join(folder, `btcusdt_${day}.gz`));
    expect(line).toMatch(/^\d{19} \{"stream":"btcusdt@trade"/);
  });
});

describe("a recording of BTCTurk", () => {
  /** Records until the frames have as many changes of the book. */
  async function recordChanges(count: number) {
    const interruption = new AbortController();
    const recording = recordBtcturk({ ...options("btcturk", 600_000), signal: interruption.signal });
    const path = join(folder, "frames.jsonl");
    await expect
      .poll(async () => (await readFile(path, "utf8")).split("[432,").length > count, { timeout: 15_000 })
      .toBe(true);
    interruption.abort();
    return { files: await recording, path };
  }

  it("has the joins, and then every frame unchanged", async () => {
    const [file] = (await recordChanges(2)).files;
    const lines = await linesOf(file?.path ?? "");
    expect(lines.filter((line) => !/^\d{19} \[/.test(line))).toEqual([]);
    const frames = lines.map((line) => JSON.parse(line.slice(20)));
    expect(frames.slice(0, 3).map(([type, { channel }]) => [type, channel])).toEqual([
      [151, "obdiff"],
      [151, "trade"],
      [151, "ticker"],
    ]);
    const received = frames.slice(3);
    expect(received.length).toBe(file?.frames);
    expect(received[0]).toEqual([991, { type: 991, current: "6.0.0", min: "2.3.0" }]);
    const changes = received.filter(([type]) => type === 432).map(([, { CS }]) => CS);
    expect(received.filter(([type]) => type === 431)).toHaveLength(1);
    expect(changes.length).toBeGreaterThan(1);
    expect(changes).toEqual(changes.map((_, index) => changes[0] + index));
  });

  it("keeps what was recorded when it is interrupted", async () => {
    const { files, path } = await recordChanges(1);
    expect(files).toMatchObject([{ path }]);
  });

  it("is a tape, which both venues play: its book and its changes", async () => {
    const { path } = await recordChanges(2);
    const frames = (await linesOf(path)).map((line) => JSON.parse(line.slice(20)));
    const [, { BO, AO }] = frames.find(([type]) => type === 431);
    await using played = await startExchanges({ tape: path, tapeStart: "paused" });
    const { binance, btcturk, control } = played.addresses;
    const depth = await fetch(`http://127.0.0.1:${binance.restPort}/api/v3/depth?symbol=BTCUSDT&limit=1`);
    const rows = [BO[0], AO[0]].map(({ P, A }) => [Number(P), Number(A)]);
    const { bids, asks } = (await depth.json()) as { bids: [string, string][]; asks: [string, string][] };
    expect([...bids, ...asks].map((level) => level.map(Number))).toEqual(rows);
    const book = await fetch(
      `http://127.0.0.1:${btcturk.restPort}/api/v2/orderbook?pairSymbol=BTCUSDT&limit=1`,
    );
    const { data } = (await book.json()) as { data: { bids: [string, string][]; asks: [string, string][] } };
    expect([data.bids[0], data.asks[0]].map((level) => level?.map(Number))).toEqual(rows);
    await using client = await TestSocket.open(`ws://127.0.0.1:${binance.wsPort}/ws/btcusdt@depth@100ms`);
    await fetch(`${control}/resume`, { method: "POST" });
    await client.until(({ messages }) => messages.length > 0);
    const changed = frames.find(([type]) => type === 432)?.[1];
    const first = JSON.parse(client.texts[0] ?? "");
    expect(first.b.length + first.a.length).toBe(changed.BO.length + changed.AO.length);
  });
});
