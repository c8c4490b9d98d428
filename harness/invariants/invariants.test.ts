import { describe, expect, it } from "vitest";
import { EMPTY_API_VIEW } from "../observation/api-view.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { Ledger } from "../observation/ledger.ts";
import type { VenueBooks, VenueOrder } from "../observation/venue-books.ts";
import {
  canceledOrder,
  canceledRow,
  cancellation,
  EVERYTHING,
  fill,
  ledgerOrder,
  placement,
  soundState,
  trade,
  venueOrder,
} from "./final-state-fixture.ts";
import { INVARIANTS, type InvariantName } from "./registry.ts";

const check = (name: InvariantName, state: FinalState) => INVARIANTS[name].check(state);

function withLedger(change: Partial<Ledger>): FinalState {
  const state = soundState();
  return { ...state, ledger: { ...state.ledger, ...change } };
}

/** As for a platform whose definition has events. */
function withEvents(state: FinalState): FinalState {
  const orders = state.ledger.orders.map((order) => ({ ...order, event_status: order.status }));
  return { ...state, ledger: { ...state.ledger, orders } };
}

function withBinance(change: Partial<VenueBooks>): FinalState {
  const state = soundState();
  return {
    ...state,
    venues: state.venues.map((venue) => (venue.venue === "binance" ? { ...venue, ...change } : venue)),
  };
}

const NOTHING: FinalState = {
  operations: [],
  otherAccountOrder: null,
  ledger: { orders: [], fills: [], positions: [] },
  venues: [{ venue: "binance", orders: [], trades: [], balances: [] }],
  apiView: EMPTY_API_VIEW,
  refusals: [],
  offers: EVERYTHING,
  quotes: { comparisons: [], times: 1, recorded: { count: 0, crossed: [], last: [] } },
  counters: { values: {}, readAtRest: true, platformStartedAgain: false, openSockets: 0, ownRequests: 0 },
};

describe("every invariant", () => {
  const names = Object.keys(INVARIANTS) as InvariantName[];

  it.each(names)("%s holds for a correct history", (name) => {
    expect(check(name, withEvents(soundState()))).toMatchObject({ verdict: "pass" });
  });

  it.each(names)("%s is inconclusive when there is nothing to check", (name) => {
    expect(check(name, NOTHING)).toMatchObject({ verdict: "inconclusive" });
  });
});

describe("no-duplicate-orders", () => {
  it("catches an order that was sent twice under one client order id", () => {
    const state = withBinance({ orders: [venueOrder({}), venueOrder({ orderId: "2" })] });
    expect(check("no-duplicate-orders", state)).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("client-1 placed 2 times at binance"),
    });
  });

  it("catches an order that was sent again under a new client order id", () => {
    const state = withBinance({
      orders: [venueOrder({}), venueOrder({ orderId: "2", clientOrderId: "client-1b" })],
    });
    expect(check("no-duplicate-orders", state)).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("client-1b at binance is unknown to the platform"),
    });
  });
});

describe("one-order-per-key", () => {
  it("catches a key that led to two orders", () => {
    const state = withLedger({
      orders: [ledgerOrder({}), ledgerOrder({ order_id: "order-2", client_order_id: "client-2" })],
    });
    expect(check("one-order-per-key", state)).toMatchObject({ verdict: "fail" });
  });

  it("catches a key whose repetition was answered without an order", () => {
    const operations = [placement({}), placement({ id: 2, attempt: 2, orderId: null })];
    expect(check("one-order-per-key", { ...soundState(), operations })).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("key-1 was answered without an order"),
    });
  });

  it("catches a key that was answered with two orders", () => {
    const operations = [placement({}), placement({ id: 2, attempt: 2, orderId: "order-2" })];
    expect(check("one-order-per-key", { ...soundState(), operations })).toMatchObject({ verdict: "fail" });
  });
});

describe("accepted-orders-accounted", () => {
  it("catches an accepted order that the platform lost", () => {
    const operations = [placement({}), placement({ id: 2, orderId: "order-9", idempotencyKey: "key-9" })];
    expect(check("accepted-orders-accounted", { ...soundState(), operations })).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("order-9"),
    });
  });

  it("catches an order whose outcome was never determined", () => {
    const state = withLedger({ orders: [ledgerOrder({ status: "UNKNOWN", settled: false })] });
    expect(check("accepted-orders-accounted", state)).toMatchObject({ verdict: "fail" });
  });

  it("catches an order that the venue never had, unless it was refused", () => {
    const state = withBinance({ orders: [] });
    expect(check("accepted-orders-accounted", state)).toMatchObject({ verdict: "fail" });
    const refused = { ...state, ledger: { ...state.ledger, orders: [ledgerOrder({ status: "REJECTED" })] } };
    expect(check("accepted-orders-accounted", refused)).toMatchObject({ verdict: "pass" });
  });

  it("catches an execution that the platform has not seen", () => {
    const state = withLedger({ orders: [ledgerOrder({ executed_quantity: "0.005" })] });
    expect(check("accepted-orders-accounted", state)).toMatchObject({ verdict: "fail" });
  });
});

describe("accepted-orders-accounted, of states", () => {
  it("catches an order that has ended in the books and is open at its venue", () => {
    const state = withLedger({ orders: [ledgerOrder({ status: "CANCELED", executed_quantity: "0" })] });
    const venues = withBinance({ orders: [venueOrder({ status: "NEW", executedQuantity: "0" })] }).venues;
    expect(check("accepted-orders-accounted", { ...state, venues })).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("client-1 is CANCELED, at binance it is NEW"),
    });
  });

  it("does not judge an unknown status", () => {
    const state = withLedger({ orders: [ledgerOrder({ status: "DONE_FOR_TODAY" })] });
    expect(check("accepted-orders-accounted", state)).toMatchObject({ verdict: "pass" });
  });
});

describe("cancellations-hold", () => {
  const atBtcturk = (order: Partial<VenueOrder>): FinalState => {
    const state = soundState();
    const venues = state.venues.map((venue) =>
      venue.venue === "btcturk" ? { ...venue, orders: [canceledOrder(order)] } : venue,
    );
    return { ...state, venues };
  };

  it("catches an order that stays open at its venue", () => {
    expect(check("cancellations-hold", atBtcturk({ status: "NEW" }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("client-c is NEW at btcturk"),
    });
  });

  it("catches an order that executed more than was answered", () => {
    expect(check("cancellations-hold", atBtcturk({ executedQuantity: "0.002" }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("executed 0.002 at btcturk, its client received 0"),
    });
  });

  it("catches an order that is open in the platform's own books", () => {
    const orders = [ledgerOrder({}), canceledRow({ status: "ACCEPTED" })];
    expect(check("cancellations-hold", withLedger({ orders }))).toMatchObject({ verdict: "fail" });
    expect(check("cancellations-hold", withLedger({ orders: [ledgerOrder({})] }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("order-c is not in the platform's books"),
    });
  });

  it("counts an order that its venue let expire as ended", () => {
    const expired = atBtcturk({ status: "expired-in-match" });
    expect(check("cancellations-hold", expired)).toMatchObject({ verdict: "pass" });
  });

  it("requires nothing of a cancel that came too late, since the answer said so", () => {
    const late = cancellation({ id: 3, outcome: "rejected", orderId: "order-1", orderStatus: "FILLED" });
    const state = soundState();
    const operations = [...state.operations, late];
    expect(check("cancellations-hold", { ...state, operations })).toMatchObject({ verdict: "pass" });
  });
});

describe("fills-agree", () => {
  it("catches a trade without a fill", () => {
    expect(check("fills-agree", withLedger({ fills: [] }))).toMatchObject({ verdict: "fail" });
  });

  it("catches a fill that was booked twice", () => {
    expect(check("fills-agree", withLedger({ fills: [fill({}), fill({})] }))).toMatchObject({
      verdict: "fail",
    });
  });

  it("catches a fill without a trade", () => {
    const state = withLedger({ fills: [fill({}), fill({ venue_trade_id: "8" })] });
    expect(check("fills-agree", state)).toMatchObject({ verdict: "fail" });
  });

  it("catches a cost that is off by a float's rounding", () => {
    const state = withLedger({ fills: [fill({ cost: "618.3764000000001" })] });
    expect(check("fills-agree", state)).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("cost 618.3764000000001, at the venue 618.37640000"),
    });
  });

  it("catches a fill that was booked to another order, or on the other side", () => {
    expect(
      check("fills-agree", withLedger({ fills: [fill({ client_order_id: "client-2" })] })),
    ).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("of client-2, at the venue of client-1"),
    });
    expect(check("fills-agree", withLedger({ fills: [fill({ side: "sell" })] }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("a sell, at the venue a buy"),
    });
  });

  it("catches a fee in another asset", () => {
    expect(check("fills-agree", withLedger({ fills: [fill({ fee_asset: "BNB" })] }))).toMatchObject({
      verdict: "fail",
    });
  });
});

describe("balances-agree", () => {
  it("catches a balance that the fills do not explain, to the last decimal", () => {
    const balances = [{ asset: "BTC", initial: "100.00000000", free: "100.00999001", locked: "0.00000000" }];
    expect(check("balances-agree", withBinance({ balances }))).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining(
        "by the platform's fills it is 100.00999, the venue has 100.00999001",
      ),
    });
  });

  it("counts what is locked in open orders", () => {
    const balances = [{ asset: "BTC", initial: "100.00000000", free: "99.00999000", locked: "1.00000000" }];
    expect(check("balances-agree", withBinance({ balances }))).toMatchObject({ verdict: "pass" });
  });

  it("adds what a sale earned, less its fee", () => {
    const sale = { side: "sell", fee: "0.6183764", fee_asset: "USDT" };
    const state = withBinance({
      trades: [trade(sale)],
      balances: [
        { asset: "USDT", initial: "1000", free: "1617.7580236", locked: "0" },
        { asset: "BTC", initial: "1", free: "0.99", locked: "0" },
      ],
    });
    const sold = { ...state, ledger: { ...state.ledger, fills: [fill(sale)] } };
    expect(check("balances-agree", sold)).toMatchObject({ verdict: "pass" });
  });
});
