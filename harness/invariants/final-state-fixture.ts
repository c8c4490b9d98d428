import type { OrderRequest } from "../../api/index.ts";
import type { Operation } from "../../load/index.ts";
import type { ApiOrder } from "../observation/api-view.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { LedgerFill, LedgerOrder } from "../observation/ledger.ts";
import type { RefusalProbe } from "../observation/probes/ask-for-refusals.ts";
import type { QuoteComparison } from "../observation/probes/compare-quotes.ts";
import type { RecordedQuotes } from "../observation/probes/quote-recorder.ts";
import type { VenueOrder, VenueTrade } from "../observation/venue-books.ts";

/**
 * A small correct history: one market buy of 0.01 BTC at Binance for 61,837.64 USDT each, and one order at
 * BTCTurk that was canceled before anything of it was executed.
 */
export function soundState(): FinalState {
  return {
    operations: [placement({}), cancellation({})],
    otherAccountOrder: null,
    refusals: [refusal({ kind: "answered", error: "risk_block", text: "422 risk_block" })],
    offers: EVERYTHING,
    quotes: quotes(),
    counters: {
      values: { requests: 12 },
      readAtRest: true,
      platformStartedAgain: false,
      openSockets: 2,
      ownRequests: 10,
    },
    ledger: {
      orders: [ledgerOrder({}), canceledRow({})],
      fills: [fill({})],
      positions: [{ account_id: "default", symbol: "BTCUSDT", quantity: "0.009990000000000000" }],
    },
    venues: [
      {
        venue: "binance",
        orders: [venueOrder({})],
        trades: [trade({})],
        balances: [
          { asset: "USDT", initial: "1000000.00000000", free: "999381.62360000", locked: "0.00000000" },
          { asset: "BTC", initial: "100.00000000", free: "100.00999000", locked: "0.00000000" },
        ],
      },
      { venue: "btcturk", orders: [canceledOrder({})], trades: [], balances: [] },
    ],
    apiView: {
      orders: new Map([["order-1", { kind: "read", value: apiOrder({}) }]]),
      positions: new Map([
        ["default", { kind: "read", value: [{ symbol: "BTCUSDT", quantity: "0.00999" }] }],
      ]),
    },
  };
}

/** An API that has all there can be. */
export const EVERYTHING: FinalState["offers"] = {
  requestsAreKnown: true,
  questions: new Set(["place", "query", "cancel", "positions", "quote", "stop-trading", "resume-trading"]),
  quoteStream: true,
  lacksMetrics: [],
};

const BEST = { bid: "61837.63", ask: "61837.64" };

/** The platform's quotes when they agree with the venue's best prices. */
export function quotes(
  change: Partial<QuoteComparison> = {},
  recorded: Partial<RecordedQuotes> = {},
): FinalState["quotes"] {
  const market = { venue: "binance", symbol: "BTCUSDT" };
  const before = { bid: "61837.60000000", ask: "61837.61000000" };
  const now = { bid: "61837.63000000", ask: "61837.64000000" };
  const book = { symbol: "BTCUSDT", ...now, recent: [before, now] };
  return {
    comparisons: [{ ...market, book, asked: BEST, pushed: BEST, ...change }],
    times: 40,
    recorded: { count: 7, crossed: [], last: [{ ...market, ...BEST }], ...recorded },
  };
}

/** An order that every platform must refuse, and the answer to it. */
function refusal(answer: RefusalProbe["answer"]): RefusalProbe {
  return { what: "an order of a million bitcoins", expected: "risk_block", answer };
}

/** Placing the order of the history, as its client saw it. */
export function placement(change: Partial<Operation>): Operation {
  return {
    id: 1,
    kind: "place",
    plannedAtMs: 0,
    startedAtMs: 0,
    endedAtMs: 10,
    outcome: "succeeded",
    httpStatus: 201,
    error: null,
    attempt: 1,
    attemptOf: null,
    idempotencyKey: "key-1",
    orderId: "order-1",
    clientOrderId: "client-1",
    orderStatus: "FILLED",
    executedQuantity: "0.01",
    request: { method: "POST", path: "/api/orders", order: marketBuy() },
    ...change,
  };
}

function marketBuy(): OrderRequest {
  return { venue: "binance", symbol: "BTCUSDT", side: "buy", type: "market", quantity: "0.01", price: null };
}

/** Canceling the other order, as its client saw it. */
export function cancellation(change: Partial<Operation>): Operation {
  return {
    ...placement({ id: 2, kind: "cancel", httpStatus: 200, idempotencyKey: null }),
    orderId: "order-c",
    clientOrderId: "client-c",
    orderStatus: "CANCELED",
    executedQuantity: "0",
    request: { method: "DELETE", path: "/api/orders/order-c", order: null },
    ...change,
  };
}

/** The canceled order in the platform's books. */
export function canceledRow(change: Partial<LedgerOrder>): LedgerOrder {
  const id = { order_id: "order-c", client_order_id: "client-c", idempotency_key: "key-c" };
  return ledgerOrder({ ...id, venue: "btcturk", status: "CANCELED", executed_quantity: "0", ...change });
}

/** The canceled order at its venue. */
export function canceledOrder(change: Partial<VenueOrder>): VenueOrder {
  const id = { orderId: "9", clientOrderId: "client-c" };
  return venueOrder({ ...id, status: "CANCELED", executedQuantity: "0.00000000", ...change });
}

export function ledgerOrder(change: Partial<LedgerOrder>): LedgerOrder {
  return {
    order_id: "order-1",
    client_order_id: "client-1",
    venue: "binance",
    symbol: "BTCUSDT",
    side: "buy",
    status: "FILLED",
    settled: true,
    executed_quantity: "0.010000000000000000",
    idempotency_key: "key-1",
    ...change,
  };
}

export function fill(change: Partial<LedgerFill>): LedgerFill {
  return {
    venue: "binance",
    symbol: "BTCUSDT",
    venue_trade_id: "7",
    client_order_id: "client-1",
    side: "buy",
    price: "61837.64",
    quantity: "0.01",
    cost: "618.3764",
    fee: "0.00001",
    fee_asset: "BTC",
    ...change,
  };
}

export function venueOrder(change: Partial<VenueOrder>): VenueOrder {
  return {
    orderId: "1",
    clientOrderId: "client-1",
    symbol: "BTCUSDT",
    side: "buy",
    status: "FILLED",
    price: null,
    quantity: "0.01000000",
    executedQuantity: "0.01000000",
    acceptedAtMs: 1_000_005,
    ...change,
  };
}

export function trade(change: Partial<VenueTrade>): VenueTrade {
  return {
    tradeId: "7",
    orderId: "1",
    clientOrderId: "client-1",
    symbol: "BTCUSDT",
    side: "buy",
    price: "61837.64000000",
    quantity: "0.01000000",
    cost: "618.37640000",
    fee: "0.00001000",
    feeAsset: "BTC",
    atMs: 1_000_006,
    ...change,
  };
}

/** The order of the history as the platform's API returns it. */
export function apiOrder(change: Partial<ApiOrder>): ApiOrder {
  return {
    symbol: "BTCUSDT",
    side: "buy",
    status: "FILLED",
    executedQuantity: "0.01",
    ...change,
  };
}
