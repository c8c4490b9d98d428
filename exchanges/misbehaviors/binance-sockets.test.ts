import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BinanceTestClient } from "../testing/binance-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { TestSocket } from "../testing/socket.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 10 });
  control = new ControlTestClient(exchanges);
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const misbehave = (name: string, how?: Readonly<Record<string, unknown>>) =>
  control.misbehave("binance", name, how);
const bites = (name: string) => control.bites("binance", name);
const open = (path: string) => TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.binance.wsPort}${path}`);

/**
 * A connection that receives the account's events, while the market is halted so that nothing else happens.
 */
async function openUserData(): Promise<TestSocket> {
  await control.send("POST", "/pause");
  const socket = await open("/ws-api/v3");
  const params = { apiKey: "kanit-binance-key", timestamp: Date.now() };
  const payload = `apiKey=${params.apiKey}&timestamp=${params.timestamp}`;
  const signature = createHmac("sha256", "kanit-binance-secret").update(payload).digest("hex");
  socket.send({ id: 1, method: "userDataStream.subscribe.signature", params: { ...params, signature } });
  const { status } = await socket.message(({ id }) => id === 1);
  if (status !== 200) throw new Error(`Expected to be subscribed, got ${status}.`);
  return socket;
}

const reportsOf = (socket: TestSocket) =>
  socket.parsed.flatMap(({ event }) => (event?.e === "executionReport" ? [event] : []));
const isPosition = ({ event }: { event?: { e: string } }) => event?.e === "outboundAccountPosition";
const buyAtMarket = () => client.order({ type: "MARKET", quantity: "0.0001" });
const statesIn = (socket: TestSocket) => reportsOf(socket).map(({ x, X }) => `${x} ${X}`);

describe("user-events-out-of-order", () => {
  it("sends the fill before the order's NEW", async () => {
    await using socket = await openUserData();
    await misbehave("user-events-out-of-order", { times: 1 });
    await buyAtMarket();
    await socket.until(() => reportsOf(socket).length === 2);
    expect(statesIn(socket)).toEqual(["TRADE FILLED", "NEW NEW"]);
    const [trade, accepted] = reportsOf(socket);
    expect(trade.I).toBeGreaterThan(accepted.I);
    expect(await bites("user-events-out-of-order")).toBe(1);
  });

  it("sends a report alone when none follows", async () => {
    await using socket = await openUserData();
    await misbehave("user-events-out-of-order", { times: 1 });
    await client.order();
    await socket.until(() => reportsOf(socket).length === 1);
    expect(statesIn(socket)).toEqual(["NEW NEW"]);
  });
});

describe("user-events-late", () => {
  it("sends the events after the REST answer and the account record, in order", async () => {
    await using socket = await openUserData();
    await misbehave("user-events-late", { delayMs: 200 });
    await buyAtMarket();
    expect((await control.record("binance", "trades")).length).toBe(1);
    expect(reportsOf(socket)).toEqual([]);
    await socket.message(isPosition);
    expect(statesIn(socket)).toEqual(["NEW NEW", "TRADE FILLED"]);
  });
});

describe("user-events-coalesced", () => {
  it("drops the NEW of an order that fills at once, not that of one that rests", async () => {
    await using socket = await openUserData();
    await misbehave("user-events-coalesced");
    await buyAtMarket();
    await client.order();
    await socket.until(() => reportsOf(socket).length === 2);
    expect(statesIn(socket)).toEqual(["TRADE FILLED", "NEW NEW"]);
  });
});

describe("user-events-duplicated", () => {
  it("sends a fill twice, byte for byte", async () => {
    await using socket = await openUserData();
    await misbehave("user-events-duplicated", { times: 1 });
    await buyAtMarket();
    await socket.until(() => reportsOf(socket).length === 3);
    const [, once, again] = reportsOf(socket);
    expect(again).toEqual(once);
    expect(await control.record("binance", "trades")).toHaveLength(1);
    await buyAtMarket();
    await socket.until(() => reportsOf(socket).length === 5);
    expect(statesIn(socket).slice(3)).toEqual(["NEW NEW", "TRADE FILLED"]);
  });
});

describe("a replayed fill (user-events-duplicated)", () => {
  it("is sent again among newer events", async () => {
    await using socket = await openUserData();
    await misbehave("user-events-duplicated", { times: 1, afterMs: 150 });
    await buyAtMarket();
    await client.order();
    await socket.until(() => reportsOf(socket).length === 4);
    expect(statesIn(socket)).toEqual(["NEW NEW", "TRADE FILLED", "NEW NEW", "TRADE FILLED"]);
    expect(reportsOf(socket)[3]).toEqual(reportsOf(socket)[1]);
  });
});

describe("zero-last-quantity", () => {
  it("says FILLED with a last quantity of 0 and the whole quantity executed", async () => {
    await using socket = await openUserData();
    await misbehave("zero-last-quantity", { times: 1 });
    await buyAtMarket();
    await socket.until(() => reportsOf(socket).length === 2);
    expect(reportsOf(socket)[1]).toMatchObject({
      X: "FILLED",
      l: "0.00000000",
      L: "0.00000000",
      z: "0.00010000",
    });
  });
});

describe("day-cut", () => {
  it("closes the open connections, and accepts new ones", async () => {
    await using socket = await open("/ws/btcusdt@trade");
    const closed = socket.closed();
    await misbehave("day-cut", { every: 1 });
    expect(await closed).toBe(1001);
    await using next = await open("/ws/btcusdt@bookTicker");
    await next.until(({ messages }) => messages.length > 0);
    expect(await bites("day-cut")).toBe(1);
  });
});

describe("server-shutdown", () => {
  it("announces itself on every connection, then closes them", async () => {
    await using raw = await open("/ws/btcusdt@trade");
    await using combined = await open("/stream?streams=btcusdt@trade");
    const closed = Promise.all([raw.closed(), combined.closed()]);
    await misbehave("server-shutdown", { closeAfterMs: 50 });
    expect(await closed).toEqual([1012, 1012]);
    expect(raw.parsed.find(({ e }) => e === "serverShutdown")).toEqual({
      e: "serverShutdown",
      E: expect.any(Number),
    });
    expect(combined.parsed.find(({ stream }) => stream === "!serverShutdown")?.data.e).toBe("serverShutdown");
    expect(await bites("server-shutdown")).toBe(1);
  });
});

describe("the WebSocket API under a misbehavior", () => {
  it("is refused like REST", async () => {
    await using socket = await open("/ws-api/v3");
    await misbehave("ip-ban", { banMs: 60_000 });
    socket.send({ id: "a", method: "depth", params: { symbol: "BTCUSDT" } });
    const { status, error } = await socket.message(({ id }) => id === "a");
    expect([status, error.code]).toEqual([418, -1003]);
    expect(error.data.retryAfter).toBeGreaterThan(Date.now());
  });
});
