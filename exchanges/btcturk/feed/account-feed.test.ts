import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { BtcturkTestClient } from "../../testing/btcturk-client.ts";
import { eventually } from "../../testing/eventually.ts";
import { TestSocket } from "../../testing/socket.ts";

let exchanges: RunningExchanges;
let client: BtcturkTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 40, tapeTime: "recorded" });
});
beforeEach(() => {
  exchanges.reset();
  client = new BtcturkTestClient(exchanges);
});
afterAll(() => exchanges.stop());

const open = () => TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`);
const modelsOf = (socket: TestSocket, type: number) =>
  socket.parsed.filter(([each]) => each === type).map(([, model]) => model);
const typesOf = (socket: TestSocket) => socket.parsed.map(([type]) => type).filter((type) => type > 200);

describe("a login to the feed", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["another key", { publicKey: "another" }, "Unauthorized - Invalid Public Key"],
    ["a signature of something else", { signature: "AAAA" }, "Unauthorized - Invalid Signature"],
    ["a nonce that the signature does not cover", { nonce: 4_000 }, "Unauthorized - Invalid Signature"],
    ["a stamp that is further off than the nonce", { timestamp: 0 }, "Unauthorized - Invalid Nonce"],
    ["a nonce beyond a minute", { nonce: 60_001 }, "Unauthorized - Invalid Nonce"],
  ])("is refused for %s, and no private frame is sent", async (_, change, message) => {
    await using socket = await open();
    socket.send(client.loginFrame(change));
    expect((await socket.message(([type]) => type === 114))[1]).toEqual({ type: 114, ok: false, message });
    await client.order();
    socket.send([151, { type: 151, channel: "ticker", event: "BTCUSDT", join: true }]);
    await socket.message(([type]) => type === 402);
    expect(typesOf(socket).filter((type) => type >= 441 && type < 991)).toEqual([]);
  });
});

describe("the account's frames", () => {
  it("report a resting order: inserted, its money locked, deleted by its cancel, free again", async () => {
    await using socket = await client.login();
    const { body } = await client.order({ newOrderClientId: "mine", quantity: "0.1" });
    await client.signed("DELETE", `/api/v1/order?id=${body.data.id}`);
    await socket.until(() => modelsOf(socket, 201).length === 2);
    expect(typesOf(socket)).toEqual([991, 451, 201, 452, 201]);
    expect(modelsOf(socket, 451)[0]).toEqual({
      type: 451,
      id: body.data.id,
      pairId: 19,
      symbol: "BTCUSDT",
      userId: 1_000_001,
      orderType: 0,
      price: "30000",
      amount: "0.1",
      numLeft: "0.1",
      denomLeft: "3000",
      orderMethod: 0,
      newOrderClientId: "mine",
      channel: "U",
      event: "OrderInsert",
    });
    expect(modelsOf(socket, 452)[0]).toMatchObject({ id: body.data.id, newOrderClientId: "mine", method: 0 });
    expect(modelsOf(socket, 201).map(({ asset, locked }) => [asset, locked])).toEqual([
      ["USDT", "3005.40000000"],
      ["USDT", "0.00000000"],
    ]);
  });

  it("report a fill: the match, the trade with its fee, and the rest of the order", async () => {
    await using socket = await client.login();
    const sale = { orderMethod: "market", orderType: "sell", quantity: "0.001", newOrderClientId: "sold" };
    const { body } = await client.order(sale);
    await socket.until(() => modelsOf(socket, 201).length >= 2);
    expect(typesOf(socket).slice(0, 5)).toEqual([991, 451, 441, 423, 453]);
    const [match] = modelsOf(socket, 441);
    expect(match).toMatchObject({ id: body.data.id, clientId: "sold", isBid: false, amount: "0.001" });
    const [trade] = modelsOf(socket, 423);
    expect(trade).toMatchObject({
      orderId: body.data.id,
      orderType: "sell",
      amount: "-0.001",
      price: match.price,
    });
    expect(Number(trade.fee)).toBeLessThan(0);
    expect(modelsOf(socket, 453)[0]).toMatchObject({ numLeft: "0", orderType: 1, method: 1 });
  });

  it("reach every login of the account, and nobody else", async () => {
    await using first = await client.login();
    await using second = await client.login();
    await using stranger = await open();
    stranger.send([151, { type: 151, channel: "ticker", event: "BTCUSDT", join: true }]);
    await client.order();
    for (const socket of [first, second]) await socket.until(() => modelsOf(socket, 201).length === 1);
    await stranger.message(([type]) => type === 402);
    expect(typesOf(stranger).filter((type) => type !== 402)).toEqual([991]);
  });
});

describe("the candles of the feed", () => {
  it("are sent on joining and continue, in strings, with the time in seconds", async () => {
    await using socket = await open();
    // There are candles only after the first trade.
    await eventually(
      async () => (await client.send("GET", "/api/v2/trades?pairSymbol=BTCUSDT")).body.data.length,
    ).toBeGreaterThan(0);
    socket.send([151, { type: 151, channel: "tradeview", event: "BTCUSDT_60", join: true }]);
    await socket.until(() => modelsOf(socket, 428).length >= 3);
    const [candle] = modelsOf(socket, 428);
    expect(candle).toEqual({
      ...{ C: expect.any(String), H: expect.any(String), L: expect.any(String), O: expect.any(String) },
      ...{ V: expect.any(String), D: 1_735_689_600, R: 60, P: "BTCUSDT" },
      ...{ channel: "tradeview", event: "BTCUSDT_60", type: 428 },
    });
  });

  it("and the tickers of all pairs are sent in one frame", async () => {
    await using socket = await open();
    socket.send([151, { type: 151, channel: "ticker", event: "all", join: true }]);
    await socket.until(() => modelsOf(socket, 401).length >= 2);
    expect(modelsOf(socket, 401)[0].items.map(({ PS }: { PS: string }) => PS)).toEqual([
      "BTCUSDT",
      "ETHUSDT",
    ]);
  });

  it("and the last trades are sent again on request", async () => {
    await using socket = await open();
    socket.send([151, { type: 151, channel: "trade", event: "BTCUSDT", join: true }]);
    await socket.until(() => modelsOf(socket, 421).length === 1);
    socket.send([101, { type: 101, code: 421, channel: "trade", event: "BTCUSDT" }]);
    await socket.until(() => modelsOf(socket, 421).length === 2);
  });
});
