import { describe, expect, it } from "vitest";
import { type Bench, bench } from "../../testing/matching-bench.ts";
import { formatTrimmed, parseUnits } from "../units.ts";

/** Records what a listener is called with, in order and abbreviated. */
function recordEvents(on: Bench): string[] {
  const lines: string[] = [];
  on.engine.listen({
    onExecution: ({ status, side }, { kind }) => lines.push(`${side} ${kind} ${status}`),
    onBalances: (assets) =>
      lines.push(assets.map((asset) => `${asset} ${formatTrimmed(on.ledger.freeOf(asset))}`).join(", ")),
    onTransfer: (asset, amount) => lines.push(`transfer ${formatTrimmed(amount)} ${asset}`),
  });
  return lines;
}

describe("a listener of an account is notified", () => {
  it("of an order that trades at once: its acceptance, each fill, then the balances", () => {
    const on = bench();
    const lines = recordEvents(on);
    on.place("buy", "2", "102");
    expect(lines).toEqual([
      "buy accepted new",
      "buy traded partially-filled",
      "buy traded filled",
      "USDT 99797, BTC 101.998",
    ]);
  });

  it("of a resting order: its acceptance and its reserve, its fills, its cancellation", () => {
    const on = bench();
    const lines = recordEvents(on);
    const order = on.place("buy", "1", "99.5");
    on.trade(parseUnits("99.5"), parseUnits("0.5"), true);
    on.engine.cancel(order);
    expect(lines).toEqual([
      "buy accepted new",
      "USDT 99900.5",
      "buy traded partially-filled",
      "USDT 99900.5, BTC 100.4995",
      "buy canceled canceled",
      "USDT 99950.25",
    ]);
  });

  it("of a waiting order: its acceptance, its trigger, its fill", () => {
    const on = bench();
    const lines = recordEvents(on);
    on.place("sell", "1", undefined, { trigger: { stopPrice: parseUnits("99"), when: "falls-to" } });
    on.trade(parseUnits("99"), parseUnits("0.00001"), true);
    expect(lines.filter((line) => line.startsWith("sell"))).toEqual([
      "sell accepted new",
      "sell triggered new",
      "sell traded filled",
    ]);
  });

  it("of two orders that must not trade with each other: first the prevention of the resting one", () => {
    const on = bench();
    on.place("sell", "1", "100");
    const lines = recordEvents(on);
    on.place("buy", "1", "100.5", { selfTrade: "expire-both" });
    expect(lines.slice(0, 3)).toEqual([
      "buy accepted new",
      "sell prevented expired-in-match",
      "buy prevented expired-in-match",
    ]);
  });

  it("of deposits and withdrawals, which cannot exceed the balance", () => {
    const on = bench();
    const lines = recordEvents(on);
    on.engine.transfer("BTC", parseUnits("-40"));
    on.engine.transfer("TRY", parseUnits("5"));
    expect(() => on.engine.transfer("BTC", parseUnits("-60.5"))).toThrow(/BTC/);
    expect(lines).toEqual(["transfer -40 BTC", "BTC 60", "transfer 5 TRY", "TRY 5"]);
  });

  it("not of an order that was refused", () => {
    const on = bench();
    const lines = recordEvents(on);
    expect(() => on.place("buy", "2000", "90")).toThrow();
    expect(lines).toEqual([]);
  });
});
