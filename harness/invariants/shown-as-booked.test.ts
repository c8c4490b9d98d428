import { describe, expect, it } from "vitest";
import type { ApiOrder, ApiPositions, ApiView } from "../observation/api-view.ts";
import type { FinalState } from "../observation/final-state.ts";
import { apiOrder, soundState } from "./final-state-fixture.ts";
import { shownAsBooked } from "./shown-as-booked.ts";

function withShown(change: Partial<ApiView>): FinalState {
  const state = soundState();
  return { ...state, apiView: { ...state.apiView, ...change } };
}

const showing = (change: Partial<ApiOrder>): FinalState =>
  withShown({ orders: new Map([["order-1", { kind: "read", value: apiOrder(change) }]]) });
const holding = (value: ApiPositions): FinalState =>
  withShown({ positions: new Map([["default", { kind: "read", value }]]) });
const received = (state: FinalState) => shownAsBooked.check(state).received;

describe("shown-as-booked", () => {
  it("catches an order that is shown in another state, or with another execution", () => {
    expect(received(showing({ status: "ACCEPTED" }))).toContain(
      "has status ACCEPTED in the API, FILLED in the books",
    );
    expect(received(showing({ executedQuantity: "0.005" }))).toContain("has executed 0.005 in the API");
    expect(received(showing({ side: "sell" }))).toContain("has side sell in the API");
  });

  it("catches an order that is shown with another cost than its fills", () => {
    expect(received(showing({ executedQuote: "618" }))).toContain(
      "executed quote of 618 in the API, of 618.3764 by its fills",
    );
    expect(shownAsBooked.check(showing({ executedQuote: "618.3764" }))).toMatchObject({ verdict: "pass" });
  });

  it("catches a position that is shown wrong, invented or left out", () => {
    expect(received(holding([{ symbol: "BTCUSDT", quantity: "0.01" }]))).toContain(
      "has 0.01 of BTCUSDT in the API",
    );
    expect(received(holding([]))).toContain(
      "default has no BTCUSDT in the API, 0.009990000000000000 in the books",
    );
    const both = [
      { symbol: "BTCUSDT", quantity: "0.00999" },
      { symbol: "ETHUSDT", quantity: "1" },
    ];
    expect(received(holding(both))).toContain("has 1 of ETHUSDT in the API, nothing in the books");
  });

  it("fails by time when all that is wrong is that no answer came in time", () => {
    const late = new Map([["order-1", { kind: "unanswered", why: "timeout" }]] as const);
    expect(shownAsBooked.check(withShown({ orders: late }))).toMatchObject({
      verdict: "fail",
      basis: "time",
    });
    const none = { kind: "read" as const, value: [] };
    const wrong = withShown({ orders: late, positions: new Map([["default", none]]) });
    expect(shownAsBooked.check(wrong)).not.toHaveProperty("basis");
  });

  it("catches an answer that cannot be read, such as amounts as numbers", () => {
    const unreadable = { kind: "unreadable", why: "expected decimal text, not a number" } as const;
    expect(received(withShown({ positions: new Map([["default", unreadable]]) }))).toContain(
      "the positions of default: expected decimal text, not a number",
    );
    expect(received(withShown({ orders: new Map([["order-1", unreadable]]) }))).toContain(
      "client-1: expected",
    );
  });
});
