import { describe, expect, it } from "vitest";
import { type Bench, bench } from "../../testing/matching-bench.ts";
import { formatTrimmed, parseUnits } from "../units.ts";
import type { Order, SelfTradeMode } from "./order.ts";

/**
 * A sell order of the account at 100, and a buy order of the account that reaches it and then the tape's 101.
 */
function meet(
  mode: SelfTradeMode,
  resting: string,
  incoming: string,
): { on: Bench; maker: Order; taker: Order } {
  const on = bench();
  const maker = on.place("sell", resting, "100");
  const taker = on.place("buy", incoming, "101", { selfTrade: mode });
  return { on, maker, taker };
}

const view = ({ status, executedQuantity, preventedQuantity }: Order): string[] => [
  status,
  formatTrimmed(executedQuantity),
  formatTrimmed(preventedQuantity),
];

describe("an order that meets one of its own account", () => {
  it.each<[SelfTradeMode, string, string, string[], string[]]>([
    ["expire-maker", "2", "1", ["filled", "1", "0"], ["expired-in-match", "0", "2"]],
    ["expire-taker", "2", "1", ["expired-in-match", "0", "1"], ["new", "0", "0"]],
    ["expire-both", "2", "1", ["expired-in-match", "0", "1"], ["expired-in-match", "0", "2"]],
    ["decrement", "2", "0.5", ["expired-in-match", "0", "0.5"], ["new", "0", "0.5"]],
    ["decrement", "0.5", "1", ["expired-in-match", "0.5", "0.5"], ["expired-in-match", "0", "0.5"]],
    ["none", "2", "0.5", ["filled", "0.5", "0"], ["partially-filled", "0.5", "0"]],
  ])("%s: %s resting, %s incoming", (mode, resting, incoming, takerView, makerView) => {
    const { on, maker, taker } = meet(mode, resting, incoming);
    expect(view(taker)).toEqual(takerView);
    expect(view(maker)).toEqual(makerView);
    const rest = maker.quantity - maker.executedQuantity - maker.preventedQuantity;
    expect(on.ledger.balance("BTC").locked).toBe(maker.status.startsWith("expired") ? 0n : rest);
  });

  it("trades with it under one trade id for both when self-trades are allowed", () => {
    const { maker, taker } = meet("none", "1", "1");
    expect(maker.trades[0]).toMatchObject({ isMaker: true, price: parseUnits("100") });
    expect(taker.trades[0]).toMatchObject({ isMaker: false, tradeId: maker.trades[0]?.tradeId });
  });

  it("keeps the prevented match on both orders", () => {
    const { maker, taker } = meet("decrement", "2", "0.5");
    expect(maker.preventedMatches).toEqual(taker.preventedMatches);
    expect(maker.preventedMatches[0]).toMatchObject({
      takerOrderId: taker.orderId,
      makerOrderId: maker.orderId,
      takerQuantity: parseUnits("0.5"),
      makerQuantity: parseUnits("0.5"),
    });
  });
});
