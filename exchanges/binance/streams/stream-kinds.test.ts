import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { ControlTestClient } from "../../testing/control-client.ts";
import { startOnHandTape, TAPE_START_MS } from "../../testing/hand-tape.ts";
import { TestSocket } from "../../testing/socket.ts";

const at = (seconds: number): number => TAPE_START_MS + Math.round(seconds * 1_000);
let exchanges: RunningExchanges;
let control: ControlTestClient;

// Two trades of one order in the first second, one in the next, then diffs into the next minute.
beforeAll(async () => {
  exchanges = await startOnHandTape(
    [
      { atSeconds: 0.5, bids: [["49998.00", "5"]] },
      { atSeconds: 0.6, trade: ["50001.00", "0.5"] },
      { atSeconds: 0.6, trade: ["50001.00", "0.3"] },
      { atSeconds: 1.1, trade: ["50000.00", "0.2", true] },
      { atSeconds: 1.2, asks: [["50001.00", "0.25"]] },
      { atSeconds: 2.1, bids: [["49998.00", "0"]] },
      { atSeconds: 61, bids: [["49997.00", "1"]] },
      { atSeconds: 62, bids: [["49997.00", "2"]] },
    ],
    { tapeStart: "paused" },
  );
  control = new ControlTestClient(exchanges);
});
beforeEach(async () => {
  exchanges.reset();
  await exchanges.ready;
});
afterAll(() => exchanges.stop());

/** All frames that a stream sends for the tape. */
async function framesOf(stream: string): Promise<Record<string, unknown>[]> {
  const base = `ws://127.0.0.1:${exchanges.addresses.binance.wsPort}`;
  await using socket = await TestSocket.open(`${base}/stream?streams=${stream}/btcusdt@depth@100ms`);
  await control.send("POST", "/resume");
  await socket.message(({ stream: name, data }) => name === "btcusdt@depth@100ms" && data.E === at(62));
  return socket.parsed.filter(({ stream: name }) => name === stream).map(({ data }) => data);
}

const TICKER = {
  ...{ s: "BTCUSDT", o: "50001.00000000", h: "50001.00000000", l: "50000.00000000", c: "50000.00000000" },
  ...{ v: "1.00000000", q: "50000.80000000" },
};
const STATISTICS = { ...TICKER, p: "-1.00000000", P: "-0.001", w: "50000.80000000", F: 1, L: 3, n: 3 };

describe("the stream", () => {
  it("aggTrade combines the trades of one order", async () => {
    const first = { a: 1, p: "50001.00000000", q: "0.80000000", f: 1, l: 2, T: at(0.6), m: false, M: true };
    const second = { a: 2, p: "50000.00000000", q: "0.20000000", f: 3, l: 3, T: at(1.1), m: true, M: true };
    expect(await framesOf("btcusdt@aggTrade")).toEqual([
      { e: "aggTrade", E: at(1.1), s: "BTCUSDT", ...first },
      { e: "aggTrade", E: at(1.2), s: "BTCUSDT", ...second },
    ]);
  });

  it("kline_1m sends the candle every two seconds, and once more when it is closed", async () => {
    const frames = await framesOf("btcusdt@kline_1m");
    const candle = {
      ...{ t: at(0), T: at(60) - 1, s: "BTCUSDT", i: "1m", f: 1, L: 3, n: 3, B: "0" },
      ...{ o: "50001.00000000", c: "50000.00000000", h: "50001.00000000", l: "50000.00000000" },
      ...{ v: "1.00000000", q: "50000.80000000", V: "0.80000000", Q: "40000.80000000" },
    };
    expect(frames).toEqual([
      { e: "kline", E: at(2.1), s: "BTCUSDT", k: { ...candle, x: false } },
      { e: "kline", E: at(61), s: "BTCUSDT", k: { ...candle, x: true } },
      { e: "kline", E: at(62), s: "BTCUSDT", k: expect.objectContaining({ t: at(60), n: 0, x: false }) },
    ]);
  });

  it("kline_1s sends each second's candle when it is closed", async () => {
    const closed = (await framesOf("btcusdt@kline_1s")).map(
      ({ k }) => k as { x: boolean; t: number; n: number },
    );
    expect(closed.filter(({ x }) => x).map(({ t, n }) => [t, n])).toEqual([
      [at(1), 1],
      [at(2), 0],
      [at(61), 0],
    ]);
  });

  it("kline_1d@+08:00 begins its day at midnight in China", async () => {
    const [frame] = await framesOf("btcusdt@kline_1d@+08:00");
    expect(frame).toMatchObject({ k: { t: Date.parse("2025-01-02T16:00:00Z"), i: "1d" } });
  });

  it("miniTicker and ticker cover 24 hours, once a second", async () => {
    const [mini] = await framesOf("btcusdt@miniTicker");
    expect(mini).toEqual({ e: "24hrMiniTicker", E: at(1.1), ...TICKER });
    exchanges.reset();
    const frames = await framesOf("btcusdt@ticker");
    expect(frames.map(({ E }) => E)).toEqual([at(1.1), at(2.1), at(61), at(62)]);
    expect(frames[1]).toEqual({
      ...{ e: "24hrTicker", E: at(2.1), ...STATISTICS, O: at(2.1) - 86_400_000, C: at(2.1) },
      ...{ x: "50001.00000000", Q: "0.20000000" },
      ...{ b: "50000.00000000", B: "1.00000000", a: "50001.00000000", A: "0.25000000" },
    });
  });

  it.each([
    ["1h", 3_600_000],
    ["4h", 14_400_000],
    ["1d", 86_400_000],
  ])("ticker_%s covers a window that begins at a whole minute", async (size, windowMs) => {
    const [, frame] = await framesOf(`btcusdt@ticker_${size}`);
    expect(frame).toEqual({
      ...{ e: `${size}Ticker`, E: at(2.1), ...STATISTICS, O: at(0) - windowMs, C: at(2.1) },
    });
  });

  it("!miniTicker@arr and !ticker_1h@arr contain only the symbols that have traded since", async () => {
    const frames = (await framesOf("!miniTicker@arr")) as unknown as { E: number; s: string }[][];
    expect(frames.map((list) => list.map(({ E, s }) => [E, s]))).toEqual([[[at(1.1), "BTCUSDT"]]]);
    exchanges.reset();
    const windows = (await framesOf("!ticker_1h@arr")) as unknown as { e: string }[][];
    expect(windows.map((list) => list.map(({ e }) => e))).toEqual([["1hTicker"]]);
  });

  it("avgPrice sends the average of five minutes", async () => {
    const [, frame] = await framesOf("btcusdt@avgPrice");
    expect(frame).toEqual({
      ...{ e: "avgPrice", E: at(2.1), s: "BTCUSDT", i: "5m", w: "50000.80000000", T: at(1.1) },
    });
  });

  it("depth5@100ms sends the best levels with every diff, and depth5 every second", async () => {
    const fast = await framesOf("btcusdt@depth5@100ms");
    expect(fast).toHaveLength(5);
    expect(fast[0]).toEqual({
      lastUpdateId: 1_001,
      bids: [
        ["50000.00000000", "1.00000000"],
        ["49999.00000000", "2.00000000"],
        ["49998.00000000", "5.00000000"],
      ],
      asks: [
        ["50001.00000000", "1.00000000"],
        ["50002.00000000", "2.00000000"],
      ],
    });
    exchanges.reset();
    expect((await framesOf("btcusdt@depth5")).map(({ lastUpdateId }) => lastUpdateId)).toEqual([
      ...[1_001, 1_003, 1_004, 1_005],
    ]);
  });

  it("depth combines each second's diffs", async () => {
    const frames = await framesOf("btcusdt@depth");
    expect(frames.map(({ U, u, b, a }) => [U, u, b, a])).toEqual([
      [1_001, 1_002, [["49998.00000000", "5.00000000"]], [["50001.00000000", "0.25000000"]]],
      [1_003, 1_003, [["49998.00000000", "0.00000000"]], []],
      [1_004, 1_004, [["49997.00000000", "1.00000000"]], []],
      [1_005, 1_005, [["49997.00000000", "2.00000000"]], []],
    ]);
  });

  it.each([
    "btcusdt@depth7",
    "btcusdt@kline_7m",
    "btcusdt@ticker_2h",
    "btcusdt@constructor",
    "nope@trade",
    "!all",
  ])("%s is accepted and silent", async (stream) => {
    expect(await framesOf(stream)).toEqual([]);
  });
});
