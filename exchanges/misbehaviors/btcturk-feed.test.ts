import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BtcturkTestClient } from "../testing/btcturk-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { eventually } from "../testing/eventually.ts";
import { TestSocket } from "../testing/socket.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 20, tapeTime: "recorded" });
  control = new ControlTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const misbehave = (name: string, how?: Readonly<Record<string, unknown>>) =>
  control.misbehave("btcturk", name, how);

type Row = { readonly CP?: number; readonly P: string; readonly A: string };

async function join(channel: string, event = "BTCUSDT"): Promise<TestSocket> {
  const socket = await TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`);
  socket.send([151, { type: 151, channel, event, join: true }]);
  return socket;
}

const modelsOf = (socket: TestSocket, type: number) =>
  socket.parsed.filter(([each]) => each === type).map(([, model]) => model);

/** The prices of a side as a client keeps them, and the deletes of levels that it did not have. */
function booked(socket: TestSocket, side: "AO" | "BO"): { prices: Set<string>; phantoms: string[] } {
  const [snapshot] = modelsOf(socket, 431);
  const prices = new Set<string>((snapshot?.[side] ?? []).map(({ P }: Row) => P));
  const phantoms: string[] = [];
  for (const change of modelsOf(socket, 432)) {
    for (const { CP, P } of change[side] as Row[]) {
      if (CP !== 3) prices.add(P);
      else if (!prices.delete(P)) phantoms.push(P);
    }
  }
  return { prices, phantoms };
}

const numbersOf = (socket: TestSocket) => modelsOf(socket, 432).map(({ CS }) => CS);
const isUnbroken = (numbers: number[]) =>
  numbers.every((CS, index) => index === 0 || CS === (numbers[index - 1] ?? 0) + 1);

describe("missing-delete", () => {
  it("leaves deleted levels in the client's book, although the numbers are consecutive", async () => {
    await using socket = await join("obdiff");
    await socket.message(([type]) => type === 432);
    await misbehave("missing-delete");
    // A window of a hundred levels to which levels are added while none is deleted.
    await socket.until(() => booked(socket, "AO").prices.size > 105);
    expect(isUnbroken(numbersOf(socket))).toBe(true);
    expect(await control.bites("btcturk", "missing-delete")).toBeGreaterThan(0);
  });
});

describe("phantom-delete", () => {
  it("deletes a level that never existed", async () => {
    await using socket = await join("obdiff");
    await socket.message(([type]) => type === 432);
    expect(booked(socket, "AO").phantoms).toEqual([]);
    await misbehave("phantom-delete", { times: 1 });
    await socket.until(() => booked(socket, "AO").phantoms.length > 0);
    expect(booked(socket, "AO").phantoms).toHaveLength(1);
    expect(isUnbroken(numbersOf(socket))).toBe(true);
    expect(await control.bites("btcturk", "phantom-delete")).toBe(1);
  });
});

describe("stale-book", () => {
  it("publishes an old book, without gaps, on the feed and over REST", async () => {
    const client = new BtcturkTestClient(exchanges);
    const bestBid = async () =>
      (await client.send("GET", "/api/v2/orderbook?pairSymbol=BTCUSDT")).body.data.bids;
    await using socket = await join("obdiff");
    await socket.message(([type]) => type === 432);
    await misbehave("stale-book", { delayMs: 600_000 });
    await using ticker = await join("ticker");
    // From the first delayed change on, the book is not published, while tickers continue.
    await eventually(() => control.bites("btcturk", "stale-book")).toBeGreaterThan(1);
    const before = numbersOf(socket).length;
    const bid = await bestBid();
    const beats = modelsOf(ticker, 402).length;
    await ticker.until(() => modelsOf(ticker, 402).length > beats + 8);
    expect(await bestBid()).toEqual(bid);
    expect(numbersOf(socket).length).toBe(before);
  });

  it("catches up in order", async () => {
    await using socket = await join("obdiff");
    await misbehave("stale-book", { delayMs: 100 });
    await eventually(() => control.bites("btcturk", "stale-book")).toBeGreaterThan(3);
    await control.behave("btcturk", "stale-book");
    const count = numbersOf(socket).length;
    await socket.until(() => numbersOf(socket).length > count + 5);
    expect(isUnbroken(numbersOf(socket))).toBe(true);
    expect(booked(socket, "AO").phantoms).toEqual([]);
    expect(booked(socket, "AO").prices.size).toBe(100);
  });
});

describe("trade-off-book", () => {
  it("sends a trade far from the market's price", async () => {
    await using socket = await join("trade");
    await misbehave("trade-off-book", { times: 1, distance: 5_000 });
    const prices = () => modelsOf(socket, 422).map(({ P }) => Number(P));
    await socket.until(() => prices().length > 4);
    const usual = [...prices()].sort((left, right) => left - right)[1] ?? 0;
    const far = prices().filter((price) => price > usual + 4_000);
    expect(far).toHaveLength(1);
    expect(await control.bites("btcturk", "trade-off-book")).toBe(1);
  });
});

describe("dotless-event", () => {
  it("writes the event of a 451 with a Turkish ı", async () => {
    const client = new BtcturkTestClient(exchanges);
    await using socket = await client.login();
    await misbehave("dotless-event", { times: 1 });
    await client.order();
    await client.order();
    await socket.until(() => modelsOf(socket, 451).length === 2);
    expect(modelsOf(socket, 451).map(({ event }) => event)).toEqual(["orderınsert", "OrderInsert"]);
  });
});

describe("a 452 while the balance is locked (unlock-lag)", () => {
  it("is sent immediately, once, and before the balance", async () => {
    const client = new BtcturkTestClient(exchanges);
    await using socket = await client.login();
    const { body } = await client.order({ newOrderClientId: "early" });
    await misbehave("unlock-lag", { delayMs: 100 });
    await client.signed("DELETE", `/api/v1/order?id=${body.data.id}`);
    await socket.until(() => modelsOf(socket, 201).length === 2);
    const order = socket.parsed.map(([type]) => type).filter((type) => type === 201 || type === 452);
    expect(order).toEqual([201, 452, 201]);
    expect(modelsOf(socket, 201).map(({ asset, locked }) => `${asset} ${Number(locked) > 0}`)).toEqual([
      "USDT true",
      "USDT false",
    ]);
    expect(modelsOf(socket, 452)).toMatchObject([{ id: body.data.id, newOrderClientId: "early" }]);
  });
});
