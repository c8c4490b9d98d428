import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { eventually } from "../testing/eventually.ts";
import { TestSocket } from "../testing/socket.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5 });
  control = new ControlTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

async function subscribe(symbol: string): Promise<TestSocket> {
  const socket = await TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.bist.wsPort}`);
  socket.send({ type: "subscribe", symbols: [symbol] });
  return socket;
}

const quotesOf = (socket: TestSocket) => socket.parsed.filter(({ type }) => type === "quote");

describe("frozen-quotes", () => {
  it("keeps numbering and stamping quotes whose prices do not change", async () => {
    await using socket = await subscribe("THYAO");
    await socket.until(() => quotesOf(socket).length === 1);
    await control.misbehave("bist", "frozen-quotes");
    await eventually(() => control.bites("bist", "frozen-quotes")).toBeGreaterThan(2);
    const start = quotesOf(socket).length;
    await socket.until(() => quotesOf(socket).length >= start + 4);
    const frozen = quotesOf(socket).slice(start);
    expect(new Set(frozen.map(({ bid, ask, last }) => `${bid} ${ask} ${last}`)).size).toBe(1);
    expect(frozen.map(({ sequence }) => sequence - frozen[0].sequence)).toEqual([0, 1, 2, 3]);
    expect(frozen[3].atMs).toBeGreaterThan(frozen[0].atMs);
  });
});

describe("symbol-halted", () => {
  it("halts one symbol, sends indicative prices, and resumes with an auction", async () => {
    await using socket = await subscribe("GARAN");
    await using other = await subscribe("THYAO");
    await socket.until(() => quotesOf(socket).length >= 1);
    await control.misbehave("bist", "symbol-halted", { symbol: "GARAN" });
    await socket.message(({ type }) => type === "indicative");
    const count = quotesOf(other).length;
    await other.until(() => quotesOf(other).length > count + 1);
    await control.behave("bist", "symbol-halted");
    await socket.message(({ type }) => type === "resume");
    const types = socket.parsed.filter(({ symbol }) => symbol === "GARAN").map(({ type }) => type);
    const story = types.filter((type, index) => type !== types[index - 1]);
    expect(story.slice(0, 5)).toEqual(["quote", "halt", "indicative", "auction", "resume"]);
    expect(socket.parsed.find(({ type }) => type === "halt")).toMatchObject({ reason: "circuit-breaker" });
    expect(await control.bites("bist", "symbol-halted")).toBe(1);
  });
});

describe("a gap of the BIST feed", () => {
  it("skips one number", async () => {
    await using socket = await subscribe("ASELS");
    await socket.until(() => quotesOf(socket).length >= 1);
    await control.misbehave("bist", "gap", { times: 3 });
    const numbers = () => quotesOf(socket).map(({ sequence }) => sequence);
    await socket.until(() =>
      numbers().some((number, index) => index > 0 && number === numbers()[index - 1] + 2),
    );
    expect(await control.bites("bist", "gap")).toBe(3);
  });
});
