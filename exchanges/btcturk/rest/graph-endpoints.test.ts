import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { BtcturkTestClient } from "../../testing/btcturk-client.ts";
import { eventually } from "../../testing/eventually.ts";

const TAPE_START_S = 1_735_689_600;

let exchanges: RunningExchanges;
let client: BtcturkTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11, tapeSpeed: 60, tapeTime: "recorded" });
  client = new BtcturkTestClient(exchanges);
});
afterAll(() => exchanges.stop());

const klines = async (query: string) => (await client.send("GET", `/v1/klines/history?${query}`)).body;
/** Waits until the tape has played that many minutes. */
const minutes = (count: number) =>
  eventually(async () => (await klines("symbol=BTCUSDT&resolution=1")).t?.length ?? 0).toBeGreaterThan(count);

describe("BTCTurk's graph host", () => {
  it("returns klines as lists of equal length, in seconds, with valid candles", async () => {
    await minutes(1);
    const { s, t, o, h, l, c, v } = await klines("symbol=BTCUSDT&resolution=1&from=-540&to=9999999999");
    expect(s).toBe("ok");
    expect([o, h, l, c, v].map(({ length }) => length)).toEqual(Array(5).fill(t.length));
    for (const [index, low] of l.entries()) {
      expect(t[index] % 60).toBe(0);
      expect(low).toBeLessThanOrEqual(Math.min(o[index], c[index]));
      expect(h[index]).toBeGreaterThanOrEqual(Math.max(o[index], c[index]));
    }
  });

  it("limits klines to the requested time", async () => {
    await minutes(2);
    const { t } = await klines(
      `symbol=BTCUSDT&resolution=1&from=${TAPE_START_S + 60}&to=${TAPE_START_S + 119}`,
    );
    expect(t).toEqual([TAPE_START_S + 60]);
  });

  it.each(["1", "15", "30", "60", "240", "1D", "1 d", "1 w", "1 y"])(
    "knows the resolution %s",
    async (name) => {
      await minutes(0);
      expect((await klines(`symbol=BTCUSDT&resolution=${encodeURIComponent(name)}`)).s).toBe("ok");
    },
  );

  it("has no data for unknown pairs", async () => {
    expect(await klines("symbol=NOPEUSDT&resolution=1")).toEqual({ s: "no_data" });
    expect(await klines("symbol=BTCUSDT&resolution=7")).toEqual({ s: "no_data" });
  });

  it("returns daily candles without an envelope, and on v2 in one", async () => {
    await minutes(0);
    const { body: days } = await client.send("GET", "/v1/ohlcs?pair=BTC_USDT");
    expect(Object.keys(days[0])).toEqual([
      ...["pair", "time", "open", "high", "low", "close", "volume", "total"],
      ...["average", "dailyChangeAmount", "dailyChangePercentage"],
    ]);
    expect(days[0].time).toBe(TAPE_START_S);
    const { body } = await client.send("GET", "/api/v2/ohlc?pairSymbol=BTCUSDT&last=1");
    expect(body.data[0]).toMatchObject({ pairSymbol: "BTCUSDT", time: TAPE_START_S * 1_000 });
  });
});
