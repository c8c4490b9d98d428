import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "./start-exchanges.ts";
import { BinanceTestClient } from "./testing/binance-client.ts";
import { BtcturkTestClient } from "./testing/btcturk-client.ts";
import { ControlTestClient } from "./testing/control-client.ts";
import { eventually } from "./testing/eventually.ts";
import { TestSocket } from "./testing/socket.ts";

const MINUTES_5_MS = 300_000;
/** Two minutes of tape pass in four seconds: the market is played more than once. */
const SPEED = 30;

let exchanges: RunningExchanges;
let startedMs: number;
let binance: BinanceTestClient;
let btcturk: BtcturkTestClient;

beforeAll(async () => {
  startedMs = Date.now();
  exchanges = await startExchanges({ seed: 5, tapeSpeed: SPEED });
  binance = new BinanceTestClient(exchanges);
  btcturk = new BtcturkTestClient(exchanges);
  const url = `ws://127.0.0.1:${exchanges.addresses.binance.wsPort}/ws/btcusdt@trade`;
  await using socket = await TestSocket.open(url);
  await socket.until(({ messages }) => messages.length > 10);
});
afterAll(() => exchanges.stop());

const get = async (path: string) => (await binance.send("GET", path)).body;
const turkish = async (path: string) => (await btcturk.send("GET", path)).body;

/** Between the start of the stubs and now, inclusive. */
function expectNow(atMs: number): void {
  expect(atMs).toBeGreaterThanOrEqual(startedMs);
  expect(atMs).toBeLessThanOrEqual(Date.now());
}

describe("Binance's market has the clock of /time", () => {
  it("its trades, single and aggregated", async () => {
    for (const { time } of await get("/api/v3/trades?symbol=BTCUSDT")) expectNow(time);
    for (const { T } of await get(`/api/v3/aggTrades?symbol=BTCUSDT&startTime=${startedMs}`)) expectNow(T);
  });

  it("its candles: the last five minutes include the current one", async () => {
    const { serverTime } = await get("/api/v3/time");
    const from = serverTime - MINUTES_5_MS;
    const candles = await get(
      `/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=${from}&endTime=${serverTime}`,
    );
    const [openMs, , , , , , closeMs] = candles.at(-1);
    expect([openMs <= serverTime, closeMs >= startedMs, closeMs - openMs]).toEqual([true, true, 59_999]);
  });

  it("its tickers", async () => {
    const { openTime, closeTime } = await get("/api/v3/ticker/24hr?symbol=BTCUSDT");
    expectNow(closeTime);
    expect(closeTime - openTime).toBe(86_400_000);
    expectNow((await get("/api/v3/avgPrice?symbol=BTCUSDT")).closeTime);
  });

  it("its streams, past the tape's end and never backwards", { timeout: 30_000 }, async () => {
    const url = `ws://127.0.0.1:${exchanges.addresses.binance.wsPort}/stream?streams=`;
    const streams = "btcusdt@trade/btcusdt@depth@100ms/btcusdt@kline_1s/btcusdt@miniTicker";
    await using socket = await TestSocket.open(url + streams);
    const endMs = startedMs + 6_000;
    await socket.until(({ parsed }) => parsed.some(({ data }) => data.E >= endMs));
    for (const stream of streams.split("/")) {
      const times = socket.parsed.filter((frame) => frame.stream === stream).map(({ data }) => data.E);
      for (const time of times) expectNow(time);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
    }
  });
});

describe("BTCTurk's market has the clock of /time", () => {
  it("its trades", async () => {
    const { data } = await turkish("/api/v2/trades?pairSymbol=BTCUSDT&last=5");
    expect(data).toHaveLength(5);
    for (const { date } of data) expectNow(date);
  });

  it("its candles", async () => {
    const { serverTime } = await turkish("/api/v2/server/time");
    const [from, to] = [serverTime - MINUTES_5_MS, serverTime].map((ms) => Math.floor(ms / 1_000));
    const { s, t } = await turkish(`/v1/klines/history?symbol=BTCUSDT&resolution=1&from=${from}&to=${to}`);
    expect(s).toBe("ok");
    expect(t.at(-1) * 1_000).toBeGreaterThan(startedMs - 60_000);
  });

  it("its feed", async () => {
    await using socket = await TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`);
    socket.send([151, { type: 151, channel: "trade", event: "BTCUSDT", join: true }]);
    const [, { D }] = await socket.message(([type]) => type === 422);
    expectNow(Number(D));
  });
});

describe("the market's time", () => {
  it("stops with the tape, and continues at the present", async () => {
    const control = new ControlTestClient(exchanges);
    await control.send("POST", "/pause");
    const latest = async () => (await get("/api/v3/trades?symbol=BTCUSDT&limit=1"))[0].time;
    const haltedMs = Date.now();
    await control.send("POST", "/pause");
    expect(await latest()).toBeLessThanOrEqual(Date.now());
    const held = await latest();
    expect(await latest()).toBe(held);
    await control.send("POST", "/resume");
    await eventually(latest).toBeGreaterThan(haltedMs);
  });

  it("is that of the recording on request", async () => {
    await using frozen = await startExchanges({ seed: 5, tapeSpeed: SPEED, tapeTime: "recorded" });
    const client = new BinanceTestClient(frozen);
    const trades = async () => (await client.send("GET", "/api/v3/trades?symbol=BTCUSDT")).body;
    await eventually(async () => (await trades()).length).toBeGreaterThan(0);
    expect(new Date((await trades())[0].time).toISOString()).toMatch(/^2025-01-01T00:0/);
  });
});
