import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { TestSocket } from "../../testing/socket.ts";
import { BTCTURK_CAPTURES, HAS_RECORDINGS } from "../../testing/tapes.ts";

let exchanges: RunningExchanges;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 40, tapeTime: "recorded" });
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const open = () => TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`);
const join151 = (channel: string, event: string, joins = true) => [
  151,
  { type: 151, channel, event, join: joins },
];
const isType = (type: number) => (message: [number, unknown]) => message[0] === type;
const modelsOf = (socket: TestSocket, type: number) =>
  socket.parsed.filter(isType(type)).map(([, model]) => model);

type Rows = { CP?: number; P: string; A: string }[];

/** A book as a client of the feed maintains it. */
function applyRows(side: Map<string, string>, rows: Rows): string[] {
  const unexpected: string[] = [];
  for (const { CP, P, A } of rows) {
    if ((CP === 1) === side.has(P)) unexpected.push(`${CP} ${P}`);
    if (CP === 3) side.delete(P);
    else side.set(P, A);
  }
  return unexpected;
}

describe("BTCTurk's feed", () => {
  it.skipIf(!HAS_RECORDINGS)("greets, acknowledges and writes its frames as captured", async () => {
    const captured = readFileSync(join(BTCTURK_CAPTURES, "frames.jsonl"), "utf8").trimEnd().split("\n");
    const [welcome = "", , ack = ""] = captured;
    await using socket = await open();
    socket.send(join151("obdiff", "BTCUSDT"));
    socket.send(join151("ticker", "BTCUSDT"));
    for (const type of [431, 432, 402]) await socket.message(isType(type));
    expect(socket.texts[0]).toBe(welcome);
    expect(socket.texts[1]).toBe(ack);
    const keys = (text: string): string =>
      JSON.stringify(JSON.parse(text)[1], (_, value) => {
        if (Array.isArray(value)) return value.slice(0, 1);
        return typeof value === "object" && value !== null ? value : typeof value;
      }).replace(/"CP":"number",/, "");
    for (const type of ["[431", "[432", "[402"]) {
      const like = captured.find((line) => line.startsWith(type)) ?? "";
      const sent = socket.texts.find(
        (text) =>
          text.startsWith(type) &&
          JSON.parse(text)[1].AO?.length !== 0 &&
          JSON.parse(text)[1].BO?.length !== 0,
      );
      expect(keys(sent ?? ""), type).toBe(keys(like));
    }
  });

  it("starts obdiff with a snapshot and numbers its changes from there, for each client alone", async () => {
    await using first = await open();
    await using second = await open();
    first.send(join151("obdiff", "BTCUSDT"));
    await first.message(isType(432));
    second.send(join151("obdiff", "BTCUSDT"));
    for (const socket of [first, second]) {
      await socket.until(() => modelsOf(socket, 432).length >= 3);
      const numbers = [...modelsOf(socket, 431), ...modelsOf(socket, 432)].map(({ CS }) => CS);
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0] + index));
    }
    expect(modelsOf(first, 431)[0].CS).not.toBe(modelsOf(second, 431)[0].CS);
  });

  it("publishes a window of 100 levels: each change matches the book before it", async () => {
    await using socket = await open();
    socket.send(join151("obdiff", "BTCUSDT"));
    await socket.until(() => modelsOf(socket, 432).length >= 20);
    const [snapshot] = modelsOf(socket, 431);
    for (const side of ["AO", "BO"] as const) {
      const rows: Rows = snapshot[side];
      const book = new Map(rows.map(({ P, A }) => [P, A]));
      expect(book.size).toBe(100);
      for (const change of modelsOf(socket, 432)) {
        expect(applyRows(book, change[side])).toEqual([]);
        expect(book.size).toBe(100);
      }
    }
  });

  it("sends the last trades on joining, then each one", async () => {
    await using socket = await open();
    socket.send(join151("trade", "BTCUSDT"));
    await socket.until(() => modelsOf(socket, 422).length >= 3);
    const [list] = modelsOf(socket, 421);
    const trades = modelsOf(socket, 422);
    expect(Number(trades[1].I)).toBe(Number(trades[0].I) + 1);
    expect(list.items.every(({ I }: { I: string }) => Number(I) < Number(trades[0].I))).toBe(true);
    expect(trades[0]).toMatchObject({ PS: "BTCUSDT", channel: "trade", event: "BTCUSDT", type: 422 });
  });

  it("acknowledges unknown channels, and stays silent", async () => {
    await using socket = await open();
    for (const [channel, event] of [
      ["obdiff", "NOPEUSDT"],
      ["obdiff", "btcusdt"],
      ["nope", "BTCUSDT"],
    ] as const) {
      socket.send(join151(channel, event));
    }
    socket.send(join151("obdiff", "ETHUSDT"));
    await socket.message(isType(432));
    expect(modelsOf(socket, 100).map(({ ok, message }) => [ok, message])).toEqual([
      [true, "join|obdiff:NOPEUSDT"],
      [true, "join|obdiff:btcusdt"],
      [true, "join|nope:BTCUSDT"],
      [true, "join|obdiff:ETHUSDT"],
    ]);
    const others = socket.parsed.filter(
      ([type, model]) => type > 400 && type !== 991 && model.event !== "ETHUSDT",
    );
    expect(others).toEqual([]);
  });

  it("refuses a second join, lets a client leave, and does not answer unreadable frames", async () => {
    await using socket = await open();
    socket.send("{nonsense");
    socket.send([151, { channel: "obdiff" }]);
    socket.send(join151("obdiff", "BTCUSDT"));
    socket.send(join151("obdiff", "BTCUSDT"));
    socket.send(join151("obdiff", "BTCUSDT", false));
    await socket.until(() => modelsOf(socket, 100).length === 3);
    expect(modelsOf(socket, 100)).toEqual([
      { type: 100, ok: true, message: "join|obdiff:BTCUSDT" },
      { type: 100, ok: false, message: "join|obdiff:BTCUSDT" },
      { type: 100, ok: true, message: "leave|obdiff:BTCUSDT" },
    ]);
  });
});
