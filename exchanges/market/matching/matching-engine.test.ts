import { describe, expect, it } from "vitest";
import { type Bench, BTCTURK_FEES, bench } from "../../testing/matching-bench.ts";
import { levels } from "../../testing/tapes.ts";
import { formatTrimmed, parseUnits } from "../units.ts";
import type { Order } from "./order.ts";

const fillsOf = ({ trades }: Order): string[] =>
  trades.map(({ price, quantity }) => `${formatTrimmed(quantity)} at ${formatTrimmed(price)}`);

describe("an incoming order", () => {
  it("takes the book's levels from the best on, each at its price, and rests with its remaining quantity", () => {
    const { place, engine } = bound(bench());
    const order = place("buy", "4", "102");
    expect(fillsOf(order)).toEqual(["1 at 101", "2 at 102"]);
    expect(order.status).toBe("partially-filled");
    expect(formatTrimmed(order.executedQuote)).toBe("305");
    expect(engine.openOrders).toEqual([order]);
  });

  it("finds nothing where another order took everything, until the tape updates the level", () => {
    const { place, depth } = bound(bench());
    place("buy", "1", "101");
    expect(place("buy", "1", "101", { timeInForce: "ioc" }).status).toBe("expired");
    depth({ asks: levels(["101", "1"]) });
    expect(place("buy", "1", "101", { timeInForce: "ioc" }).status).toBe("filled");
  });

  it("expires what an IOC or market order cannot fill at once, and leaves nothing locked", () => {
    const { place, ledger } = bound(bench());
    const ioc = place("buy", "4", "101", { timeInForce: "ioc" });
    expect([ioc.status, fillsOf(ioc)]).toEqual(["expired", ["1 at 101"]]);
    const market = place("sell", "50");
    expect([market.status, fillsOf(market)]).toEqual(["expired", ["1 at 99", "2 at 98"]]);
    expect(ledger.balances.every(({ locked }) => locked === 0n)).toBe(true);
  });

  it("fills a FOK order wholly or not at all", () => {
    const { place } = bound(bench());
    const killed = place("buy", "3.5", "102", { timeInForce: "fok" });
    expect([killed.status, fillsOf(killed)]).toEqual(["expired", []]);
    expect(place("buy", "3", "102", { timeInForce: "fok" }).status).toBe("filled");
  });

  it("refuses a LIMIT_MAKER order that would trade, and rests one that would not", () => {
    const { place } = bound(bench());
    expect(() => place("buy", "1", "101", { type: "limit-maker" })).toThrow(/rests/);
    expect(place("buy", "1", "100", { type: "limit-maker" }).status).toBe("new");
    expect(() => place("sell", "1", "100", { type: "limit-maker" })).toThrow(/rests/);
  });

  it("spends a quote amount up to a step, never beyond it", () => {
    const { place } = bound(bench());
    const amount = { of: "quote", quantity: parseUnits("150.001") } as const;
    const order = place("buy", "0", undefined, { amount });
    expect(fillsOf(order)).toEqual(["1 at 101", "0.4804 at 102"]);
    expect(order.status).toBe("filled");
  });

  it("refuses what the account cannot pay and changes nothing", () => {
    const { place, engine, ledger } = bound(bench());
    const before = ledger.balances;
    expect(() => place("buy", "2000", "60")).toThrow(/USDT/);
    expect(() => place("sell", "100.00001", "200")).toThrow(/BTC/);
    expect(engine.orders).toEqual([]);
    expect(ledger.balances).toEqual(before);
  });

  it("refuses the client order id of an open order and accepts it again when that is closed", () => {
    const { place, engine } = bound(bench());
    const first = place("buy", "1", "50", { clientOrderId: "mine" });
    expect(() => place("buy", "1", "50", { clientOrderId: "mine" })).toThrow(/open order/);
    engine.cancel(first);
    const second = place("buy", "1", "50", { clientOrderId: "mine" });
    expect(engine.orderOfClient("mine")).toBe(second);
  });

  it("never trades with the account's own order: the resting one expires", () => {
    const { place, ledger } = bound(bench());
    const resting = place("sell", "1", "100");
    const order = place("buy", "2", "101");
    expect(resting.status).toBe("expired-in-match");
    expect(fillsOf(order)).toEqual(["1 at 101"]);
    expect(ledger.balances.find(({ asset }) => asset === "BTC")?.locked).toBe(0n);
  });
});

describe("a resting order", () => {
  it("waits behind the quantity that was at its price before it", () => {
    const { place, trade } = bound(bench());
    const order = place("buy", "1", "99");
    trade(parseUnits("99"), parseUnits("0.75"), true);
    expect(order.status).toBe("new");
    trade(parseUnits("99"), parseUnits("0.75"), true);
    expect(fillsOf(order)).toEqual(["0.5 at 99"]);
  });

  it("moves up when the quantity before it shrinks, and never back when it grows again", () => {
    const { place, trade, depth } = bound(bench());
    const order = place("buy", "1", "99");
    depth({ bids: levels(["99", "0.25"]) });
    depth({ bids: levels(["99", "9"]) });
    trade(parseUnits("99"), parseUnits("0.75"), true);
    expect(fillsOf(order)).toEqual(["0.5 at 99"]);
  });

  it("fills at its own price when the tape trades through it, no more than was traded", () => {
    const { place, trade } = bound(bench());
    const order = place("buy", "1", "99");
    trade(parseUnits("98.5"), parseUnits("0.4"), true);
    expect(fillsOf(order)).toEqual(["0.4 at 99"]);
    expect(order.status).toBe("partially-filled");
  });

  it("does not fill when the tape trades at a price that it does not reach", () => {
    const { place, trade } = bound(bench());
    const bid = place("buy", "1", "98.5");
    const ask = place("sell", "1", "101.5");
    trade(parseUnits("99"), parseUnits("5"), true);
    trade(parseUnits("101"), parseUnits("5"), false);
    expect([bid.status, ask.status]).toEqual(["new", "new"]);
  });

  it("does not fill when an aggressor of its own side trades", () => {
    const { place, trade } = bound(bench());
    const order = place("buy", "1", "99");
    trade(parseUnits("98"), parseUnits("5"), false);
    expect(order.status).toBe("new");
  });

  it("fills when the other side of the tape's book reaches it, with the quantity there", () => {
    const { place, depth } = bound(bench());
    const order = place("buy", "1", "100");
    depth({ asks: levels(["99.5", "0.6"]) });
    expect(fillsOf(order)).toEqual(["0.6 at 100"]);
    depth({ asks: levels(["99.6", "0"]) });
    expect(fillsOf(order)).toEqual(["0.6 at 100"]);
    depth({ asks: levels(["99.5", "7"]) });
    expect(order.status).toBe("filled");
  });

  it("is filled by price, then by time", () => {
    const { place, trade } = bound(bench());
    const early = place("buy", "1", "99.5");
    const late = place("buy", "1", "99.5");
    const better = place("buy", "1", "99.7");
    trade(parseUnits("99.5"), parseUnits("1.5"), true);
    expect([better, early, late].map(fillsOf)).toEqual([["1 at 99.7"], ["0.5 at 99.5"], []]);
  });

  it("unlocks its reserve when it is canceled", () => {
    const { place, engine, ledger } = bound(bench());
    const order = place("buy", "1", "99");
    expect(ledger.freeOf("USDT")).toBe(parseUnits("99901"));
    engine.cancel(order);
    expect([order.status, ledger.freeOf("USDT")]).toEqual(["canceled", parseUnits("100000")]);
  });
});

describe("fees", () => {
  it("are taken from what is received, as Binance does", () => {
    const { place } = bound(bench());
    expect(place("buy", "1", "101").trades[0]).toMatchObject({ fee: parseUnits("0.001"), feeAsset: "BTC" });
    expect(place("sell", "1", "99").trades[0]).toMatchObject({ fee: parseUnits("0.099"), feeAsset: "USDT" });
  });

  it("are taken from the quote asset, as BTCTurk does, and a purchase reserves them", () => {
    const { place, ledger } = bound(bench(BTCTURK_FEES));
    expect(place("buy", "1", "101").trades[0]).toMatchObject({ fee: parseUnits("0.1818"), feeAsset: "USDT" });
    expect(ledger.freeOf("USDT")).toBe(parseUnits("99898.8182"));
    place("buy", "1", "90");
    expect(ledger.freeOf("USDT")).toBe(parseUnits("99808.6562"));
  });
});

/** The bench's parts as separate names, for shorter calls. */
function bound(on: Bench) {
  return {
    engine: on.engine,
    ledger: on.ledger,
    place: on.place.bind(on),
    depth: on.depth.bind(on),
    trade: on.trade.bind(on),
  };
}
