import { MatchersV3 } from "@pact-foundation/pact";
import { expect } from "vitest";
import { KNOWN_REFERENCE, refusal, SIGNED, STATUS, success } from "./btcturk-messages.ts";
import { BTCTURK_PLACING } from "./btcturk-placing.ts";
import { CLIENT_ORDER_ID, FILLED, FRESH, REFERENCE, RESTING } from "./contract-order.ts";
import { decimal, fromState, type HttpContract, JSON_HEADERS } from "./http-contract.ts";

const { eachLike, integer, regex, string } = MatchersV3;

/** Numbers that the venue writes as text or as JSON numbers; the platform reads both. */
const row = (status: string) => ({
  id: integer(28),
  status: regex(STATUS, status),
  quantity: decimal("0.001"),
  leftAmount: decimal("0.001"),
  orderClientId: CLIENT_ORDER_ID,
});

const TRADE = {
  id: integer(56),
  orderId: integer(28),
  price: decimal("60000"),
  amount: decimal("0.001"),
  fee: decimal("-0.01"),
  tax: decimal("0"),
  denominatorSymbol: string("USDT"),
  timestamp: integer(1_700_000_000_000),
};

const ALL_ORDERS = {
  pairSymbol: "BTCUSDT",
  startTime: regex("^\\d{13}$", "1699999940000"),
  limit: regex("^\\d+$", "1000"),
};
const NONE_OPEN: HttpContract = {
  description: "a question about the open orders of a pair that has none",
  states: [FRESH],
  request: get("/api/v1/openOrders", { pairSymbol: "BTCUSDT" }),
  response: success({ asks: [], bids: [] }),
  followUps: [],
  exercise: async ({ venue }) => {
    const open = await venue.openOrders("BTCUSDT");
    expect(open.kind === "open" && open.reports.size).toBe(0);
  },
};
const NO_ORDERS: HttpContract = {
  description: "a question about all orders of a pair that has had none",
  states: [FRESH],
  request: get("/api/v1/allOrders", ALL_ORDERS),
  response: success([]),
  followUps: [NONE_OPEN],
  exercise: async ({ venue }) => {
    expect(await venue.lookup(REFERENCE)).toEqual({ kind: "not-found" });
  },
};

/** The platform's REST calls to BTCTurk, with every kind of answer that it distinguishes. */
export const BTCTURK_HTTP: readonly HttpContract[] = [...BTCTURK_PLACING, ...asking(), ...canceling()];

function get(
  path: HttpContract["request"]["path"],
  query: HttpContract["request"]["query"] = {},
): HttpContract["request"] {
  return { method: "GET", path, query, headers: SIGNED, body: null };
}

function asking(): HttpContract[] {
  return [
    {
      description: "a question about an order that rests, by its id",
      states: [RESTING],
      request: get(fromState("orderId", "28", "/api/v1/order/")),
      response: success(row("Untouched")),
      followUps: [],
      exercise: async ({ venue }) => {
        const found = await venue.lookup(KNOWN_REFERENCE);
        expect(found).toMatchObject({ kind: "found", report: { status: "ACCEPTED", venueOrderId: "28" } });
      },
    },
    {
      description: "a question about an order that does not exist, by its id",
      states: [],
      request: get("/api/v1/order/999999999"),
      response: refusal(400, 1152, "Order not found"),
      followUps: [NONE_OPEN, NO_ORDERS],
      exercise: async ({ venue }) => {
        const order = { ...REFERENCE, venueOrderId: "999999999" };
        expect(await venue.lookup(order)).toEqual({ kind: "not-found" });
      },
    },
    {
      description: "a question about the open orders of a pair",
      states: [RESTING],
      request: get("/api/v1/openOrders", { pairSymbol: "BTCUSDT" }),
      response: success({ asks: [], bids: eachLike(row("Untouched")) }),
      followUps: [],
      exercise: async ({ venue }) => {
        const open = await venue.openOrders("BTCUSDT");
        expect(open.kind === "open" && [...open.reports.keys()]).toEqual([CLIENT_ORDER_ID]);
      },
    },
    NONE_OPEN,
    NO_ORDERS,
    {
      description: "a question about all orders of a pair",
      states: [FILLED],
      request: get("/api/v1/allOrders", ALL_ORDERS),
      response: success(eachLike(row("Closed"))),
      followUps: [NONE_OPEN],
      exercise: async ({ venue }) => {
        const found = await venue.lookup(REFERENCE);
        expect(found).toMatchObject({ kind: "found", report: { status: "FILLED", venueOrderId: "28" } });
      },
    },
    {
      description: "a question about the fills of an order",
      states: [FILLED],
      request: get("/api/v1/users/transactions/trade", {
        type: ["buy", "sell"],
        orderId: fromState("orderId", "28"),
        startDate: regex("^\\d{13}$", "1699999940000"),
      }),
      response: success(eachLike(TRADE)),
      followUps: [],
      exercise: async ({ venue }) => {
        const fills = await venue.fillsOf(KNOWN_REFERENCE);
        expect(fills).toMatchObject({ kind: "fills", fills: [{ tradeId: "56" }] });
      },
    },
    {
      description: "a question about the fills of an order that has none",
      states: [RESTING],
      request: get("/api/v1/users/transactions/trade", {
        type: ["buy", "sell"],
        orderId: fromState("orderId", "28"),
        startDate: regex("^\\d{13}$", "1699999940000"),
      }),
      response: success([]),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.fillsOf(KNOWN_REFERENCE)).toEqual({ kind: "fills", fills: [] });
      },
    },
  ];
}

function canceling(): HttpContract[] {
  const request = (id: HttpContract["request"]["path"]): HttpContract["request"] => ({
    method: "DELETE",
    path: "/api/v1/order",
    query: { id },
    headers: SIGNED,
    body: null,
  });
  return [
    {
      description: "a cancellation of an order that rests",
      states: [RESTING],
      request: request(fromState("orderId", "28")),
      response: {
        status: 200,
        headers: JSON_HEADERS,
        body: { success: true, code: 0 },
      },
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.cancel(KNOWN_REFERENCE)).toEqual({ kind: "requested" });
      },
    },
    {
      description: "a cancellation of an order that does not exist",
      states: [],
      request: request("999999999"),
      // The venue has several codes for it; the platform looks the order up after each of them.
      response: {
        status: 400,
        headers: JSON_HEADERS,
        body: { success: false, code: integer(1152), message: string("NO_ORDER_MATCHES_YOUR_REQUEST") },
      },
      followUps: [],
      exercise: async ({ venue }) => {
        const order = { ...REFERENCE, venueOrderId: "999999999" };
        expect(await venue.cancel(order)).toMatchObject({ kind: "refused" });
      },
    },
  ];
}
