import { describe, expect, it } from "vitest";
import type { FinalState } from "../observation/final-state.ts";
import type { Ledger } from "../observation/ledger.ts";
import { fill, soundState } from "./final-state-fixture.ts";
import { INVARIANTS, type InvariantName } from "./registry.ts";

const check = (name: InvariantName, state: FinalState) => INVARIANTS[name].check(state);

function withLedger(change: Partial<Ledger>): FinalState {
  const state = soundState();
  return { ...state, ledger: { ...state.ledger, ...change } };
}

describe("positions-agree", () => {
  it("catches a position that is not the sum of its fills", () => {
    const positions = [{ account_id: "default", symbol: "BTCUSDT", quantity: "0.02" }];
    expect(check("positions-agree", withLedger({ positions }))).toMatchObject({ verdict: "fail" });
  });

  it("catches two open positions of one account in one symbol", () => {
    const half = { account_id: "default", symbol: "BTCUSDT", quantity: "0.005" };
    expect(check("positions-agree", withLedger({ positions: [half, half] }))).toMatchObject({
      verdict: "fail",
    });
  });

  it("treats a missing position as zero", () => {
    const inQuote = { fee: "0.6", fee_asset: "USDT" };
    const fills = [fill(inQuote), fill({ ...inQuote, side: "sell", venue_trade_id: "8" })];
    const state = withLedger({ fills, positions: [] });
    expect(check("positions-agree", state)).toMatchObject({ verdict: "pass" });
  });

  it("compares profit and cost with the cash that the fills moved", () => {
    const sale = {
      side: "sell",
      venue_trade_id: "8",
      quantity: "0.004",
      cost: "248",
      fee: "0.248",
      fee_asset: "USDT",
    };
    const fills = [fill({}), fill(sale)];
    // Bought for 618.3764; 248 came in less a fee of 0.248, and 370 of the cost is still invested.
    const position = { account_id: "default", symbol: "BTCUSDT", quantity: "0.00599", cost: "370" };
    const money = (realized: string) => withLedger({ fills, positions: [{ ...position, realized }] });
    expect(check("positions-agree", money("-0.6244"))).toMatchObject({ verdict: "pass" });
    expect(check("positions-agree", money("-0.3764"))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("profit minus cost is -370.3764, the fills add up to -370.6244"),
    });
  });

  it("catches fills that were added to another account's position", () => {
    const fills = [fill({ account_id: "default" }), fill({ account_id: "other", venue_trade_id: "8" })];
    const both = { account_id: "default", symbol: "BTCUSDT", quantity: "0.01998" };
    expect(check("positions-agree", withLedger({ fills, positions: [both] }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("default BTCUSDT: positions 0.01998, fills 0.00999"),
    });
    const each = { account_id: "default", symbol: "BTCUSDT", quantity: "0.00999" };
    const positions = [each, { ...each, account_id: "other" }];
    expect(check("positions-agree", withLedger({ fills, positions }))).toMatchObject({ verdict: "pass" });
  });

  it("loses no digit of eighteen decimals in a sum", () => {
    const fills = [
      fill({ fee: "0" }),
      fill({ fee: "0", venue_trade_id: "8", side: "sell", quantity: "0.003", cost: "185.5" }),
    ];
    // A third of the cost cannot be represented exactly: what is rounded in one is rounded in the other.
    const position = {
      account_id: "default",
      symbol: "BTCUSDT",
      quantity: "0.007",
      cost: "432.863480000000000007",
    };
    const state = withLedger({ fills, positions: [{ ...position, realized: "-0.012919999999999993" }] });
    expect(check("positions-agree", state)).toMatchObject({ verdict: "pass" });
    const big = [fill({ fee: "0", cost: "987654321.12345678" })];
    const odd = {
      ...position,
      quantity: "0.01",
      cost: "987654321.123456780000000001",
      realized: "0.000000000000000001",
    };
    expect(check("positions-agree", withLedger({ fills: big, positions: [odd] }))).toMatchObject({
      verdict: "pass",
    });
  });

  it("counts what a short position brought in as cash", () => {
    const fills = [fill({ side: "sell", fee: "0.6183764", fee_asset: "USDT" })];
    const position = { account_id: "default", symbol: "BTCUSDT", quantity: "-0.01", cost: "618.3764" };
    const state = withLedger({ fills, positions: [{ ...position, realized: "-0.6183764" }] });
    expect(check("positions-agree", state)).toMatchObject({ verdict: "pass" });
  });

  it("counts a fee that was taken in the base asset", () => {
    const positions = [{ account_id: "default", symbol: "BTCUSDT", quantity: "0.01" }];
    expect(check("positions-agree", withLedger({ positions }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("positions 0.01, fills 0.00999"),
    });
  });
});
