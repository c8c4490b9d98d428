import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { TestSocket } from "../../testing/socket.ts";

let exchanges: RunningExchanges;
let base: string;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 20 });
  base = `ws://127.0.0.1:${exchanges.addresses.binance.wsPort}`;
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

describe("the market streams", () => {
  it("send bare data on /ws and envelopes on /stream, of the named streams only", async () => {
    await using combined = await TestSocket.open(`${base}/stream?streams=btcusdt@trade/ethusdt@bookTicker`);
    await using raw = await TestSocket.open(`${base}/ws/btcusdt@trade`);
    await raw.until(({ messages }) => messages.length >= 3);
    await combined.message(({ data }) => data.t === raw.parsed[2].t);
    await combined.message(({ stream }) => stream === "ethusdt@bookTicker");
    expect(raw.parsed.every(({ e, s }) => e === "trade" && s === "BTCUSDT")).toBe(true);
    const trades = combined.parsed.filter(({ stream }) => stream === "btcusdt@trade");
    const envelope = trades.find(({ data }) => data.t === raw.parsed[2].t);
    expect(envelope?.data).toEqual(raw.parsed[2]);
  });

  it("are joined, listed and left by command, each acknowledged with its id", async () => {
    await using socket = await TestSocket.open(`${base}/ws`);
    socket.send({ method: "SUBSCRIBE", params: ["btcusdt@bookTicker"], id: 1 });
    expect(await socket.message(({ id }) => id === 1)).toEqual({ result: null, id: 1 });
    await socket.message(({ b }) => b !== undefined);
    socket.send({ method: "LIST_SUBSCRIPTIONS", id: "list" });
    expect(await socket.message(({ id }) => id === "list")).toEqual({
      result: ["btcusdt@bookTicker"],
      id: "list",
    });
    socket.send({ method: "UNSUBSCRIBE", params: ["btcusdt@bookTicker"], id: null });
    await socket.message(({ id }) => id === null);
    socket.send({ method: "LIST_SUBSCRIPTIONS", id: 4 });
    expect(await socket.message(({ id }) => id === 4)).toEqual({ result: [], id: 4 });
    const last = socket.parsed.findLastIndex(({ b }) => b !== undefined);
    expect(last).toBeLessThan(socket.parsed.findIndex(({ id }) => id === null));
  });

  it("change between bare and enveloped by the property `combined`", async () => {
    await using socket = await TestSocket.open(`${base}/ws/btcusdt@bookTicker`);
    socket.send({ method: "SET_PROPERTY", params: ["combined", true], id: 1 });
    await socket.message(({ stream }) => stream === "btcusdt@bookTicker");
    socket.send({ method: "GET_PROPERTY", params: ["combined"], id: 2 });
    expect(await socket.message(({ id }) => id === 2)).toEqual({ result: true, id: 2 });
  });

  it("answer invalid commands with the venue's errors", async () => {
    await using socket = await TestSocket.open(`${base}/ws`);
    socket.send("{");
    socket.send({ id: 2 });
    socket.send({ method: "SUBSCRIBE", params: "btcusdt@trade", id: 3 });
    await socket.until(({ messages }) => messages.length === 3);
    expect(socket.parsed.map(({ error }) => error.code)).toEqual([3, 2, 2]);
    expect(socket.parsed[1].error.msg).toBe("Invalid request: missing field `method`");
  });

  it("combine the 100 ms diffs to the slower depth stream without losing an update", async () => {
    const streams = "btcusdt@depth/btcusdt@depth@100ms";
    await using socket = await TestSocket.open(`${base}/stream?streams=${streams}`);
    const slow = () =>
      socket.parsed.filter(({ stream }) => stream === "btcusdt@depth").map(({ data }) => data);
    await socket.until(() => slow().length >= 3);
    const [, second, third] = slow();
    expect(third.U).toBe(second.u + 1);
    const fast = socket.parsed
      .filter(({ stream }) => stream === "btcusdt@depth@100ms")
      .map(({ data }) => data);
    const parts = fast.filter(({ U, u }) => U >= third.U && u <= third.u);
    expect(parts.length).toBeGreaterThan(5);
    const bids = new Map(parts.flatMap(({ b }) => b));
    expect(new Map(third.b)).toEqual(bids);
  });

  it("disconnect a client that sends more than five messages a second", async () => {
    await using socket = await TestSocket.open(`${base}/ws`);
    const closed = socket.closed();
    for (let id = 1; id <= 6; id++) socket.send({ method: "LIST_SUBSCRIPTIONS", id });
    expect(await closed).toBe(1008);
  });

  it("let a client build the same book that REST returns", async () => {
    await using socket = await TestSocket.open(`${base}/ws/ethusdt@depth@100ms`);
    await socket.until(({ messages }) => messages.length > 0);
    const rest = `http://127.0.0.1:${exchanges.addresses.binance.restPort}/api/v3/depth?symbol=ETHUSDT&limit=5000`;
    // biome-ignore lint/suspicious/noExplicitAny: the test says itself which shape it expects
    const fetchDepth = async (): Promise<any> => (await fetch(rest)).json();
    const start = await fetchDepth();
    await socket.until(({ parsed }) => parsed.at(-1).u > start.lastUpdateId + 500);
    const end = await fetchDepth();
    await socket.until(({ parsed }) => parsed.some(({ u }) => u === end.lastUpdateId));
    const book = { b: new Map<string, string>(start.bids), a: new Map<string, string>(start.asks) };
    for (const diff of socket.parsed) {
      if (diff.u <= start.lastUpdateId || diff.u > end.lastUpdateId) continue;
      for (const side of ["b", "a"] as const) {
        for (const [price, quantity] of diff[side]) {
          if (Number(quantity) === 0) book[side].delete(price);
          else book[side].set(price, quantity);
        }
      }
    }
    expect([...book.b].sort()).toEqual([...end.bids].sort());
    expect([...book.a].sort()).toEqual([...end.asks].sort());
  });
});
