import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderDraws, OrderStyle } from "./order-draws.ts";
import { priceOrder } from "./order-pricing.ts";

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const draws: fc.Arbitrary<OrderDraws> = fc.record({
  style: fc.constantFrom<OrderStyle>("nearTouch", "marketable", "market"),
  side: fc.constantFrom<"buy" | "sell">("buy", "sell"),
  quantity: unit,
  distance: unit,
});
/** Quotes in ticks, from a cent to far beyond today's price. */
const quote = fc
  .tuple(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 1, max: 100_000 }))
  .map(([bid, spread]) => ({
    bid: new Decimal(bid).div(100).toFixed(2),
    ask: new Decimal(bid + spread).div(100).toFixed(2),
  }));

describe("an order's price and quantity", () => {
  it("are whole ticks and whole steps, whatever was drawn", () => {
    fc.assert(
      fc.property(draws, quote, (drawn, seen) => {
        const order = priceOrder("binance", "BTCUSDT", drawn, seen);
        expect(order.quantity).toMatch(/^0\.\d{5}$/);
        expect(new Decimal(order.quantity).gte("0.0002") && new Decimal(order.quantity).lte("0.002")).toBe(
          true,
        );
        if (order.type === "limit") {
          expect(order.price).toMatch(/^\d+\.\d{2}$/);
          expect(new Decimal(order.price ?? 0).gte("0.01")).toBe(true);
        } else expect(order.price).toBeNull();
      }),
    );
  });

  it("are those of the symbol: ETH has other steps", () => {
    const least: OrderDraws = { style: "market", side: "buy", quantity: 0, distance: 0 };
    const quantityOf = (symbol: string, quantity: number) =>
      priceOrder("binance", symbol, { ...least, quantity }, undefined).quantity;
    expect([quantityOf("ETHUSDT", 0), quantityOf("ETHUSDT", 0.9999)]).toEqual(["0.0050", "0.0500"]);
    expect([quantityOf("BTCUSDT", 0), quantityOf("BTCUSDT", 0.9999)]).toEqual(["0.00020", "0.00200"]);
  });

  it("keep a resting order on its own side of the book, within 50 ticks of the best price", () => {
    fc.assert(
      fc.property(draws, quote, (drawn, seen) => {
        const { price } = priceOrder("binance", "BTCUSDT", { ...drawn, style: "nearTouch" }, seen);
        const buying = drawn.side === "buy";
        const touch = new Decimal(buying ? seen.bid : seen.ask);
        const behind = new Decimal(price ?? 0).minus(touch).times(buying ? -1 : 1);
        expect(behind.gte(0) && behind.lte("0.50")).toBe(true);
      }),
    );
  });

  it("take a marketable order beyond the other side's best price, by a tick at least", () => {
    const seen = { bid: "61837.62", ask: "61837.63" };
    const marketable: OrderDraws = { style: "marketable", side: "buy", quantity: 0, distance: 0 };
    expect(priceOrder("binance", "BTCUSDT", marketable, seen).price).toBe("61837.64");
    expect(priceOrder("binance", "BTCUSDT", { ...marketable, side: "sell" }, seen).price).toBe("61837.61");
    expect(priceOrder("binance", "BTCUSDT", { ...marketable, distance: 0.9999 }, seen).price).toBe(
      "61838.63",
    );
  });

  it("become a market order while no quote is known", () => {
    const drawn: OrderDraws = { style: "nearTouch", side: "buy", quantity: 0, distance: 0 };
    expect(priceOrder("btcturk", "BTCUSDT", drawn, undefined)).toEqual({
      venue: "btcturk",
      symbol: "BTCUSDT",
      side: "buy",
      type: "market",
      quantity: "0.00020",
      price: null,
    });
  });
});
