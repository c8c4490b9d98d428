import { MatchersV3 } from "@pact-foundation/pact";
import { expect } from "vitest";
import { readDepthSnapshot } from "../../platform/index.ts";
import { API_KEY, answer, FILL, LIMIT_QUERY, order, refusal, TIMED } from "./binance-messages.ts";
import { BINANCE_PLACING } from "./binance-placing.ts";
import { CLIENT_ORDER_ID, FILLED, FRESH, LIMIT_BUY, REFERENCE, RESTING } from "./contract-order.ts";
import { decimalText, fromState, type HttpContract, JSON_HEADERS, state } from "./http-contract.ts";

const { eachLike, integer, string } = MatchersV3;

const BY_CLIENT_ID = { symbol: "BTCUSDT", origClientOrderId: CLIENT_ORDER_ID, ...TIMED };

const { tradeId: _tradeId, ...FILL_FIELDS } = FILL;
const TRADE = { ...FILL_FIELDS, id: integer(56), time: integer(1_700_000_000_000) };

const LEVEL = [decimalText("60000.00"), decimalText("0.001")];

const THE_TIME: HttpContract = {
  description: "a question about the time",
  states: [],
  request: { method: "GET", path: "/api/v3/time", query: {}, headers: {}, body: null },
  response: {
    status: 200,
    headers: JSON_HEADERS,
    body: { serverTime: integer(1_700_000_000_000) },
  },
  followUps: [],
  exercise: async ({ link }) => {
    expect(await link.call("time", "/api/v3/time", { method: "GET" })).toMatchObject({
      kind: "answer",
      status: 200,
    });
  },
};

/** The platform's REST calls to Binance, with every kind of answer that it distinguishes. */
export const BINANCE_HTTP: readonly HttpContract[] = [
  ...BINANCE_PLACING,
  ...asking(),
  ...askingForFills(),
  ...canceling(),
  ...market(),
];

function asking(): HttpContract[] {
  const lookup: HttpContract["request"] = {
    method: "GET",
    path: "/api/v3/order",
    query: BY_CLIENT_ID,
    headers: API_KEY,
    body: null,
  };
  return [
    {
      description: "a question about an order that rests",
      states: [RESTING],
      request: lookup,
      response: answer(200, order("NEW")),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.lookup(REFERENCE)).toMatchObject({
          kind: "found",
          report: { status: "ACCEPTED", venueOrderId: "28" },
        });
      },
    },
    {
      description: "a question about an order that the venue never got",
      states: [FRESH],
      request: lookup,
      response: refusal(400, -2013, "Order does not exist."),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.lookup(REFERENCE)).toEqual({ kind: "not-found" });
      },
    },
    {
      description: "a question about all open orders of a symbol",
      states: [RESTING],
      request: {
        method: "GET",
        path: "/api/v3/openOrders",
        query: { symbol: "BTCUSDT", ...TIMED },
        headers: API_KEY,
        body: null,
      },
      response: answer(200, eachLike(order("NEW"))),
      followUps: [],
      exercise: async ({ venue }) => {
        const open = await venue.openOrders("BTCUSDT");
        expect(open.kind === "open" && [...open.reports.keys()]).toEqual([CLIENT_ORDER_ID]);
      },
    },
    {
      description: "a question about all open orders of a symbol that has none",
      states: [FRESH],
      request: {
        method: "GET",
        path: "/api/v3/openOrders",
        query: { symbol: "BTCUSDT", ...TIMED },
        headers: API_KEY,
        body: null,
      },
      response: answer(200, []),
      followUps: [],
      exercise: async ({ venue }) => {
        const open = await venue.openOrders("BTCUSDT");
        expect(open.kind === "open" && open.reports.size).toBe(0);
      },
    },
  ];
}

function askingForFills(): HttpContract[] {
  return [
    {
      description: "a question about the fills of an order that has none",
      states: [RESTING],
      request: {
        method: "GET",
        path: "/api/v3/myTrades",
        query: { symbol: "BTCUSDT", orderId: fromState("orderId", "28"), ...TIMED },
        headers: API_KEY,
        body: null,
      },
      response: answer(200, []),
      followUps: [],
      exercise: async ({ venue }) => {
        const fills = await venue.fillsOf({ ...REFERENCE, venueOrderId: "28" });
        expect(fills).toEqual({ kind: "fills", fills: [] });
      },
    },
    {
      description: "a question about the fills of an order",
      states: [FILLED],
      request: {
        method: "GET",
        path: "/api/v3/myTrades",
        query: { symbol: "BTCUSDT", orderId: fromState("orderId", "28"), ...TIMED },
        headers: API_KEY,
        body: null,
      },
      response: answer(200, eachLike(TRADE)),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.fillsOf({ ...REFERENCE, venueOrderId: "28" })).toMatchObject({
          kind: "fills",
          fills: [{ tradeId: "56", feeAsset: "BTC" }],
        });
      },
    },
  ];
}

function canceling(): HttpContract[] {
  const request: HttpContract["request"] = {
    method: "DELETE",
    path: "/api/v3/order",
    query: BY_CLIENT_ID,
    headers: API_KEY,
    body: null,
  };
  return [
    {
      description: "a cancellation of an order that rests",
      states: [RESTING],
      request,
      // The venue gives a canceled order a new id, and returns its former id beside it.
      response: answer(200, {
        orderId: integer(28),
        origClientOrderId: CLIENT_ORDER_ID,
        clientOrderId: string("cancel-1"),
        status: "CANCELED",
      }),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.cancel(REFERENCE)).toEqual({ kind: "requested" });
      },
    },
    {
      description: "a cancellation of an order that is not open",
      states: [FRESH],
      request,
      response: refusal(400, -2011, "Unknown order sent."),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.cancel(REFERENCE)).toMatchObject({ kind: "refused", code: "-2011" });
      },
    },
    {
      description: "a cancellation while the market is halted",
      states: [RESTING, state("the venue misbehaves", { misbehavior: "market-halted" })],
      request,
      response: refusal(400, -2011, "Market is closed."),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.cancel(REFERENCE)).toMatchObject({ kind: "refused", code: "-2011" });
      },
    },
  ];
}

function market(): HttpContract[] {
  return [
    THE_TIME,
    {
      description: "an order with a timestamp outside of its window",
      states: [state("the clock is an hour ahead")],
      request: { method: "POST", path: "/api/v3/order", query: LIMIT_QUERY, headers: API_KEY, body: null },
      response: refusal(400, -1021, "Timestamp for this request is outside of the recvWindow."),
      followUps: [THE_TIME],
      exercise: async ({ venue }) => {
        expect(await venue.place(LIMIT_BUY)).toMatchObject({ kind: "rejected", code: "-1021" });
      },
    },
    {
      description: "a question about the book",
      states: [],
      request: {
        method: "GET",
        path: "/api/v3/depth",
        query: { symbol: "BTCUSDT", limit: "1000" },
        headers: {},
        body: null,
      },
      response: answer(200, {
        lastUpdateId: integer(1_027_024),
        bids: eachLike(LEVEL),
        asks: eachLike(LEVEL),
      }),
      followUps: [],
      exercise: async ({ link }) => {
        const outcome = await link.call("depth", "/api/v3/depth?symbol=BTCUSDT&limit=1000", {
          method: "GET",
        });
        expect(outcome.kind === "answer" && readDepthSnapshot(outcome.body)).toMatchObject({
          lastUpdateId: 1_027_024,
        });
      },
    },
  ];
}
