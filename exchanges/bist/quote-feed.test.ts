import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseUnits } from "../market/units.ts";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { TestSocket } from "../testing/socket.ts";
import { BIST_SYMBOLS, QuoteWalk, tickAt } from "./quote-walk.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 3 });
  control = new ControlTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const open = () => TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.bist.wsPort}`);
const goTo = (body: object) => control.send("PUT", "/venues/bist/session", body);
const ofType = (socket: TestSocket, wanted: string) => socket.parsed.filter(({ type }) => type === wanted);

/** The messages about one symbol, in order. */
const storyOf = (socket: TestSocket, symbol: string) =>
  socket.parsed.filter((message) => message.symbol === symbol);

describe("the BIST feed", () => {
  it("sends the session's phase first, then numbered quotes of the subscribed symbols", async () => {
    await using socket = await open();
    socket.send({ type: "subscribe", symbols: ["THYAO"] });
    const quotes = () => ofType(socket, "quote");
    await socket.until(() => quotes().length === 3);
    expect(socket.parsed[0]).toEqual({ type: "session", phase: "continuous" });
    expect(quotes().every(({ symbol }) => symbol === "THYAO")).toBe(true);
    expect(quotes().map(({ sequence }) => sequence - quotes()[0].sequence)).toEqual([0, 1, 2]);
  });

  it("sends every symbol when none is named", async () => {
    await using socket = await open();
    socket.send({ type: "subscribe" });
    const symbols = () => new Set(ofType(socket, "quote").map(({ symbol }) => symbol));
    await socket.until(() => symbols().size === 3);
    expect([...symbols()]).toEqual(BIST_SYMBOLS.map(({ symbol }) => symbol));
  });

  it("reports messages that it cannot read", async () => {
    await using socket = await open();
    socket.send("nonsense");
    expect(await socket.message(({ type }) => type === "error")).toMatchObject({ type: "error" });
  });
});

describe("the BIST session", () => {
  it("collects orders in an auction and ends it with one price", async () => {
    await goTo({ phase: "opening-auction" });
    await using socket = await open();
    socket.send({ type: "subscribe", symbols: ["GARAN"] });
    await socket.until(() => ofType(socket, "indicative").length >= 2);
    expect((await goTo({ phase: "continuous" })).body).toEqual({ phase: "continuous" });
    await socket.until(() => ofType(socket, "quote").length >= 1);
    const messages = storyOf(socket, "GARAN");
    const types = messages.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
    expect(types).toEqual(["indicative", "auction", "quote"]);
    const [auction] = ofType(socket, "auction");
    const last = ofType(socket, "indicative").at(-1);
    expect(auction).toMatchObject({ price: last.price, quantity: last.quantity });
    expect(messages.map(({ sequence }) => sequence - messages[0].sequence)).toEqual(
      messages.map((_, index) => index),
    );
    expect(ofType(socket, "session").map(({ phase }) => phase)).toEqual(["opening-auction", "continuous"]);
  });

  it("repeats the closing price at close, and sends nothing once it is closed", async () => {
    await goTo({ phase: "closing-auction" });
    await using socket = await open();
    socket.send({ type: "subscribe", symbols: ["ASELS"] });
    await socket.until(() => ofType(socket, "indicative").length >= 1);
    await goTo({ phase: "trading-at-close" });
    await socket.until(() => ofType(socket, "trade-at-close").length >= 2);
    const [{ price }] = ofType(socket, "auction");
    expect(ofType(socket, "trade-at-close").every((trade) => trade.price === price)).toBe(true);
    await goTo({ phase: "closed" });
    await socket.until(() => ofType(socket, "session").at(-1).phase === "closed");
    const { length } = socket.parsed;
    // When another client has received its greeting, no earlier message can still be under way.
    await using later = await open();
    expect(await later.message(({ type }) => type === "session")).toEqual({
      type: "session",
      phase: "closed",
    });
    expect(socket.parsed.length).toBe(length);
  });

  it("plays a whole day in order, at the requested speed", async () => {
    await using socket = await open();
    await goTo({ day: "play", timeScale: 100_000 });
    await socket.until(() => ofType(socket, "session").at(-1).phase === "closed");
    expect(ofType(socket, "session").map(({ phase }) => phase)).toEqual([
      "continuous",
      "opening-auction",
      "continuous",
      "closing-auction",
      "trading-at-close",
      "closed",
    ]);
  });

  it("refuses a phase that does not exist", async () => {
    const { status, body } = await goTo({ phase: "lunch" });
    expect([status, body.nextStep]).toEqual([400, expect.stringContaining("closing-auction")]);
  });
});

describe("a walk of quotes", () => {
  it("is the same for the same seed, on the tick grid, never crossed and within the daily limit", () => {
    for (const symbol of BIST_SYMBOLS) {
      const [walk, again] = [new QuoteWalk(symbol, 3), new QuoteWalk(symbol, 3)];
      const limit = symbol.price / 10n;
      for (let count = 0; count < 3_000; count++) {
        const quote = walk.trade();
        expect(again.trade()).toEqual(quote);
        const [bid, ask] = [parseUnits(quote.bid), parseUnits(quote.ask)];
        expect(bid % tickAt(bid)).toBe(0n);
        expect(ask > bid).toBe(true);
        expect(bid > symbol.price - limit && ask < symbol.price + limit).toBe(true);
        expect([quote.bid, quote.ask]).toContain(quote.last);
      }
    }
  });

  it.each([
    ["19.99", "0.01"],
    ["20", "0.02"],
    ["138.20", "0.1"],
    ["312.50", "0.25"],
    ["2500", "2.5"],
  ])("has a tick at %s of %s", (price, tick) => {
    expect(tickAt(parseUnits(price))).toBe(parseUnits(tick));
  });
});
