import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { startOnHandTape, TAPE_START_MS } from "../../testing/hand-tape.ts";

const at = (seconds: number): number => TAPE_START_MS + seconds * 1_000;
let exchanges: RunningExchanges;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startOnHandTape([
    { atSeconds: 1, trade: ["50001.00", "0.5"] },
    { atSeconds: 1, trade: ["50001.00", "0.3"] },
    { atSeconds: 2, trade: ["50000.00", "0.2", true] },
    { atSeconds: 61, trade: ["50010.00", "1"] },
    { atSeconds: 200, trade: ["49990.00", "2", true] },
    { atSeconds: 200.1, bids: [["49998.00", "5"]] },
  ]);
  client = new BinanceTestClient(exchanges);
  await vi.waitUntil(async () => (await get("depth?symbol=BTCUSDT")).lastUpdateId === 1_001);
});
afterAll(() => exchanges.stop());

const answer = (path: string) => client.send("GET", `/api/v3/${path}`);
const get = async (path: string) => (await answer(path)).body;
const ids = (trades: { id: number }[]): number[] => trades.map(({ id }) => id);

describe("trades", () => {
  it("are the latest of the tape, oldest first", async () => {
    expect(await get("trades?symbol=BTCUSDT&limit=1")).toEqual([
      {
        ...{ id: 5, price: "49990.00000000", qty: "2.00000000", quoteQty: "99980.00000000" },
        ...{ time: at(200), isBuyerMaker: true, isBestMatch: true },
      },
    ]);
  });

  it("can be looked up from an id on", async () => {
    expect(ids(await get("historicalTrades?symbol=BTCUSDT&fromId=2&limit=2"))).toEqual([2, 3]);
    expect(ids(await get("historicalTrades?symbol=BTCUSDT"))).toEqual([1, 2, 3, 4, 5]);
  });

  it("are aggregated by time, price and side", async () => {
    expect((await get("aggTrades?symbol=BTCUSDT"))[0]).toEqual({
      ...{ a: 1, p: "50001.00000000", q: "0.80000000", f: 1, l: 2, T: at(1), m: false, M: true },
    });
    const from = await get(`aggTrades?symbol=BTCUSDT&startTime=${at(2)}&endTime=${at(61)}`);
    expect(from.map(({ f }: { f: number }) => f)).toEqual([3, 4]);
  });

  it("are not aggregated from an id and a time together", async () => {
    expect((await get("aggTrades?symbol=BTCUSDT&fromId=1&startTime=1")).code).toBe(-1128);
  });
});

describe("klines", () => {
  it("contain the trades of their minute, and none when there were none", async () => {
    const klines = await get("klines?symbol=BTCUSDT&interval=1m");
    expect(klines[0]).toEqual([
      ...[at(0), "50001.00000000", "50001.00000000", "50000.00000000", "50000.00000000", "1.00000000"],
      ...[at(60) - 1, "50000.80000000", 3, "0.80000000", "40000.80000000", "0"],
    ]);
    expect(klines.map(([openMs, , , , , , , , count]: number[]) => [openMs, count])).toEqual([
      [at(0), 3],
      [at(60), 1],
      [at(120), 0],
      [at(180), 1],
    ]);
    expect(await get("uiKlines?symbol=BTCUSDT&interval=1m")).toEqual(klines);
  });

  it("of a day begin where the time zone's day begins", async () => {
    const opens = async (zone: string) =>
      (await get(`klines?symbol=BTCUSDT&interval=1d&timeZone=${zone}`)).map(([openMs]: number[]) => openMs);
    expect(await opens("0")).toEqual([Date.parse("2025-01-03T00:00:00Z")]);
    expect(await opens("-5:30")).toEqual([Date.parse("2025-01-03T05:30:00Z")]);
    expect(await opens("13")).toEqual([Date.parse("2025-01-03T11:00:00Z")]);
  });

  it("require an interval of the venue", async () => {
    expect(await get("klines?symbol=BTCUSDT&interval=7m")).toEqual({ code: -1120, msg: "Invalid interval." });
    expect((await get("klines?symbol=BTCUSDT")).code).toBe(-1102);
  });

  it("accept times in microseconds too", async () => {
    const path = `klines?symbol=BTCUSDT&interval=1m&startTime=${at(60)}000&limit=1`;
    expect((await get(path))[0][0]).toBe(at(60));
  });
});

describe("statistics", () => {
  const minis = {
    ...{ openPrice: "50001.00000000", highPrice: "50010.00000000", lowPrice: "49990.00000000" },
    ...{ lastPrice: "49990.00000000", volume: "4.00000000", quoteVolume: "199990.80000000" },
    ...{ firstId: 1, lastId: 5, count: 5 },
  };

  it("of 24 hours contain changes, averages and the best prices", async () => {
    expect(await get("ticker/24hr?symbol=BTCUSDT")).toEqual({
      ...{ symbol: "BTCUSDT", ...minis, openTime: at(200.1 - 86_400), closeTime: at(200.1) },
      ...{ priceChange: "-11.00000000", priceChangePercent: "-0.021", weightedAvgPrice: "49997.70000000" },
      ...{ prevClosePrice: "50001.00000000", lastQty: "2.00000000", bidPrice: "50000.00000000" },
      ...{ bidQty: "1.00000000", askPrice: "50001.00000000", askQty: "1.00000000" },
    });
  });

  it("are a list when no symbol or several are named, and short for MINI", async () => {
    const mini = await get('ticker/24hr?symbols=["BTCUSDT"]&type=MINI');
    expect(mini).toEqual([
      { symbol: "BTCUSDT", ...minis, openTime: at(200.1 - 86_400), closeTime: at(200.1) },
    ]);
    expect(await get("ticker/24hr?type=MINI")).toEqual(mini);
    expect(await get("ticker/24hr?type=TINY")).toEqual({ code: -1139, msg: "Invalid ticker type." });
  });

  it("of a rolling window begin on a whole minute", async () => {
    const ticker = await get("ticker?symbol=BTCUSDT&windowSize=2m&type=MINI");
    expect(ticker).toMatchObject({ openTime: at(60), closeTime: at(200.1), firstId: 4, count: 2 });
    expect((await get("ticker?symbol=BTCUSDT&windowSize=60m")).code).toBe(-1100);
    expect((await get("ticker")).code).toBe(-1102);
  });

  it("of a trading day begin with the day", async () => {
    const ticker = await get("ticker/tradingDay?symbol=BTCUSDT&timeZone=2");
    const openTime = Date.parse("2025-01-02T22:00:00Z");
    expect(ticker).toMatchObject({ openTime, closeTime: openTime + 86_399_999, count: 5 });
  });

  it("contain the average price of five minutes", async () => {
    expect(await get("avgPrice?symbol=BTCUSDT")).toEqual({
      mins: 5,
      price: "49997.70000000",
      closeTime: at(200),
    });
  });

  it("have the venue's weights", async () => {
    const used = async (path: string): Promise<number> =>
      Number((await answer(path)).headers.get("x-mbx-used-weight-1m"));
    const costs: [string, number][] = [
      ["ticker/24hr?symbol=BTCUSDT", 2],
      ["ticker/24hr", 80],
      ["ticker/24hr?symbols=[%22BTCUSDT%22]", 2],
      ["ticker?symbol=BTCUSDT", 4],
      ["ticker/tradingDay?symbol=BTCUSDT", 4],
      ["klines?symbol=BTCUSDT&interval=1m", 2],
      ["aggTrades?symbol=BTCUSDT", 4],
      ["historicalTrades?symbol=BTCUSDT", 25],
      ["avgPrice?symbol=BTCUSDT", 2],
      ["exchangeInfo", 20],
    ];
    exchanges.reset();
    await exchanges.ready;
    let total = 0;
    for (const [path, weight] of costs) {
      total += weight;
      expect([path, await used(path)]).toEqual([path, total]);
    }
  });
});

describe("symbols", () => {
  const symbolsOf = async (query: string): Promise<string[]> =>
    (await get(`exchangeInfo${query}`)).symbols.map(({ symbol }: { symbol: string }) => symbol);

  it("are listed by name, permission and status", async () => {
    expect(await symbolsOf("")).toEqual(["BTCUSDT"]);
    expect(await symbolsOf("?permissions=SPOT&symbolStatus=TRADING")).toEqual(["BTCUSDT"]);
    expect(await symbolsOf('?permissions=["MARGIN"]')).toEqual([]);
    expect(await symbolsOf("?symbolStatus=HALT")).toEqual([]);
  });

  it("that are not on the tape, or named twice, or in two ways, are refused", async () => {
    const codes = [
      "?symbol=ETHUSDT",
      '?symbols=["BTCUSDT","BTCUSDT"]',
      '?symbol=BTCUSDT&symbols=["BTCUSDT"]',
    ];
    const answers = await Promise.all(codes.map(async (query) => (await get(`exchangeInfo${query}`)).code));
    expect(answers).toEqual([-1121, -1151, -1128]);
  });

  it("contain everything that the stub enforces", async () => {
    const { symbols } = await get("exchangeInfo?symbol=BTCUSDT");
    expect(symbols[0].orderTypes).toEqual([
      ...[
        "LIMIT",
        "LIMIT_MAKER",
        "MARKET",
        "STOP_LOSS",
        "STOP_LOSS_LIMIT",
        "TAKE_PROFIT",
        "TAKE_PROFIT_LIMIT",
      ],
    ]);
    const filters = symbols[0].filters.map(({ filterType }: { filterType: string }) => filterType);
    expect(filters).toEqual([
      ...["PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "PERCENT_PRICE_BY_SIDE", "NOTIONAL"],
      ...["ICEBERG_PARTS", "MAX_NUM_ORDERS", "MAX_NUM_ALGO_ORDERS"],
    ]);
  });

  it("are refused when a parameter occurs twice", async () => {
    expect((await get("depth?symbol=BTCUSDT&symbol=BTCUSDT")).code).toBe(-1101);
  });
});
