import { describe, expect, it } from "vitest";
import { bench } from "../../testing/matching-bench.ts";
import { parseUnits } from "../units.ts";

describe("an order that a misbehaving venue fills", () => {
  it("trades at its own price as a maker, wholly or in part, and never more than its rest", () => {
    const { place, engine, ledger } = withPlace();
    const order = place("buy", "1", "98.5");
    engine.fillNow(order, parseUnits("0.4"));
    expect(order.status).toBe("partially-filled");
    engine.fillNow(order, parseUnits("5"));
    expect(order.status).toBe("filled");
    expect(order.trades.map(({ price, quantity, isMaker }) => [price, quantity, isMaker])).toEqual([
      [parseUnits("98.5"), parseUnits("0.4"), true],
      [parseUnits("98.5"), parseUnits("0.6"), true],
    ]);
    expect(engine.openOrders).toEqual([]);
    expect(ledger.balances.every(({ locked }) => locked === 0n)).toBe(true);
  });

  it("is unchanged when nothing is to be filled", () => {
    const { place, engine } = withPlace();
    const order = place("buy", "1", "98.5");
    engine.fillNow(order, 0n);
    expect(order.status).toBe("new");
  });
});

function withPlace() {
  const market = bench();
  return { engine: market.engine, ledger: market.ledger, place: market.place.bind(market) };
}
