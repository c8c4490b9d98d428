import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { TestSocket } from "../testing/socket.ts";
import { BIST_SYMBOLS, QuoteWalk } from "./quote-walk.ts";

let exchanges: RunningExchanges;

beforeAll(async () => {
  exchanges = await startExchanges();
});
afterAll(() => exchanges.stop());

const open = () => TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.bist.wsPort}`);

describe("the BIST feed", () => {
  it("tells the session's phase first, then numbered quotes of the symbols subscribed to", async () => {
    await using socket = await open();
    socket.send({ type: "subscribe", symbols: ["THYAO"] });
    const quotes = () => socket.parsed.filter(({ type }) => type === "quote");
    await socket.until(() => quotes().length === 3);
    expect(socket.parsed[0]).toEqual({ type: "session", phase: "continuous" });
    expect(quotes().every(({ symbol }) => symbol === "THYAO")).toBe(true);
    expect(quotes().map(({ sequence }) => sequence - quotes()[0].sequence)).toEqual([0, 1, 2]);
  });

  it("sends every symbol when none is named", async () => {
    await using socket = await open();
    socket.send({ type: "subscribe" });
    const symbols = () =>
      new Set(socket.parsed.filter(({ type }) => type === "quote").map(({ symbol }) => symbol));
    await socket.until(() => symbols().size === 3);
    expect([...symbols()]).toEqual(BIST_SYMBOLS.map(({ symbol }) => symbol));
  });

  it("says what it cannot read", async () => {
    await using socket = await open();
    socket.send("nonsense");
    expect(await socket.message(({ type }) => type === "error")).toMatchObject({ type: "error" });
  });
});

describe("a walk of quotes", () => {
  it("is the same for the same seed, on the tick, never crossed and within the daily limit", () => {
    for (const { symbol, price } of BIST_SYMBOLS) {
      const [walk, again] = [new QuoteWalk(symbol, price, 3), new QuoteWalk(symbol, price, 3)];
      const base = Number(price) / 1e8;
      for (let count = 0; count < 3_000; count++) {
        const quote = walk.next(0);
        expect(again.next(0)).toEqual(quote);
        expect(quote.bid).toMatch(/^\d+\.\d\d$/);
        expect(Number(quote.ask)).toBeGreaterThan(Number(quote.bid));
        expect(Math.abs(Number(quote.bid) - base)).toBeLessThan(base * 0.1);
        expect([quote.bid, quote.ask]).toContain(quote.last);
      }
    }
  });
});
