import { describe, expect, it } from "vitest";
import type { OrderRequest } from "../../api/index.ts";
import type { FinalState } from "../observation/final-state.ts";
import { ledgerOrder, placement, soundState, trade, venueOrder } from "./final-state-fixture.ts";
import { ordersAsAsked } from "./orders-as-asked.ts";

const ASKED: OrderRequest = {
  venue: "binance",
  symbol: "BTCUSDT",
  side: "buy",
  type: "limit",
  quantity: "0.01",
  price: "61837.64",
};

/**
 * A client requested `asked`, the platform booked `row`, the venue had `order` and executed it as `traded`.
 */
function history(asked: Partial<OrderRequest>, change: Parameters<typeof venueOrder>[0] = {}): FinalState {
  const state = soundState();
  const request = { method: "POST", path: "/api/orders", order: { ...ASKED, ...asked } };
  return {
    ...state,
    operations: [placement({ request })],
    venues: [
      {
        ...{ venue: "binance", balances: [] },
        orders: [venueOrder({ price: "61837.64000000", ...change })],
        trades: [trade({})],
      },
    ],
  };
}

const received = (state: FinalState) => ordersAsAsked.check(state).received;

describe("orders-as-asked", () => {
  it("holds for an order that is at its venue as requested", () => {
    expect(ordersAsAsked.check(history({}))).toMatchObject({ verdict: "pass" });
  });

  it("catches an order that the books have on the wrong side", () => {
    expect(received(history({ side: "sell" }))).toContain("has side buy, requested was sell");
  });

  it("catches an order that went to its venue on the wrong side, while the books are as requested", () => {
    expect(received(history({}, { side: "sell" }))).toContain("was placed with side sell, requested was buy");
  });

  it("catches an order for another venue", () => {
    expect(received(history({ venue: "btcturk" }))).toContain("has venue binance, requested was btcturk");
  });

  it("catches a quantity that was cut to fewer digits", () => {
    expect(received(history({ quantity: "0.01004" }))).toContain(
      "was placed with quantity 0.01000000, requested was 0.01004",
    );
  });

  it("catches a price that was rounded, and one that was dropped", () => {
    expect(received(history({}, { price: "61837.60000000" }))).toContain("was placed at 61837.60000000");
    expect(received(history({}, { price: null }))).toContain(
      "was placed at any price, requested was 61837.64",
    );
  });

  it("catches a trade beyond the client's limit", () => {
    expect(received(history({ price: "61837.63" }, { price: "61837.63" }))).toContain(
      "traded at 61837.64000000, beyond its limit 61837.63",
    );
  });

  it("catches an order that was booked to another account than requested", () => {
    const state = history({});
    const asked = { ...state, otherAccountOrder: { orderId: "order-1", accountId: "other" } };
    const booked = (account_id: string): FinalState => ({
      ...asked,
      ledger: { ...state.ledger, orders: [ledgerOrder({ account_id })] },
    });
    expect(received(booked("default"))).toContain("client-1 is of account default, requested was other");
    expect(ordersAsAsked.check(booked("other"))).toMatchObject({ verdict: "pass" });
    expect(ordersAsAsked.check(asked)).toMatchObject({ verdict: "pass" });
  });

  it("allows the small deviation of a market buy that its venue measures by cost, and no more", () => {
    const market = { type: "market", price: null } as const;
    const close = history({ ...market, quantity: "0.01005" }, { price: null });
    expect(ordersAsAsked.check(close)).toMatchObject({ verdict: "pass" });
    expect(received(history({ ...market, quantity: "0.02" }, { price: null }))).toContain(
      "quantity 0.01000000",
    );
  });

  it("leaves an order that never reached its venue, or is in no book, to other invariants", () => {
    const state = history({});
    expect(ordersAsAsked.check({ ...state, venues: [] })).toMatchObject({ verdict: "pass" });
    const ledger = { ...state.ledger, orders: [ledgerOrder({ order_id: "another" })] };
    expect(ordersAsAsked.check({ ...state, ledger })).toMatchObject({ verdict: "inconclusive" });
  });
});
