import { MatchersV3 } from "@pact-foundation/pact";
import { expect } from "vitest";
import type { VenueOrder } from "../../platform/index.ts";
import {
  API_KEY,
  answer,
  FILL,
  LIMIT_QUERY,
  order,
  refusal,
  venueError,
  withRetryAfter,
} from "./binance-messages.ts";
import { FRESH, LIMIT_BUY, MORE_THAN_AN_ACCOUNT_HAS, RESTING } from "./contract-order.ts";
import { type HttpContract, type ProviderState, state } from "./http-contract.ts";

const { eachLike, integer } = MatchersV3;

const MARKET_BUY: VenueOrder = { ...LIMIT_BUY, type: "market", price: null };
const { timeInForce: _gtc, price: _price, ...MARKET_FIELDS } = LIMIT_QUERY;
const MARKET_QUERY = { ...MARKET_FIELDS, type: "MARKET" };

/** Placing orders, with every kind of answer. */
export const BINANCE_PLACING: readonly HttpContract[] = [...accepted(), ...refused(), ...unclear()];

function place(
  description: string,
  states: readonly ProviderState[],
  response: HttpContract["response"],
  understood: object,
  quantity = "0.001",
): HttpContract {
  const query = { ...LIMIT_QUERY, quantity };
  return {
    description,
    states,
    request: { method: "POST", path: "/api/v3/order", query, headers: API_KEY, body: null },
    response,
    followUps: [],
    exercise: async ({ venue }) => {
      expect(await venue.place({ ...LIMIT_BUY, quantity })).toMatchObject(understood);
    },
  };
}

function accepted(): HttpContract[] {
  return [
    place(
      "a limit order that will rest",
      [FRESH],
      answer(200, { ...order("NEW"), transactTime: integer(1_700_000_000_000), fills: [] }),
      { kind: "accepted", report: { status: "ACCEPTED", venueOrderId: "28", fills: [] } },
    ),
    {
      description: "a market order that is filled",
      states: [FRESH],
      request: { method: "POST", path: "/api/v3/order", query: MARKET_QUERY, headers: API_KEY, body: null },
      response: answer(200, {
        ...order("FILLED"),
        transactTime: integer(1_700_000_000_000),
        fills: eachLike(FILL),
      }),
      followUps: [],
      exercise: async ({ venue }) => {
        expect(await venue.place(MARKET_BUY)).toMatchObject({
          kind: "accepted",
          report: { status: "FILLED", venueOrderId: "28", fills: [{ tradeId: "56", feeAsset: "BTC" }] },
        });
      },
    },
  ];
}

function refused(): HttpContract[] {
  return [
    place(
      "an order beyond the balance",
      [],
      refusal(400, -2010, "Account has insufficient balance for requested action."),
      { kind: "rejected", code: "-2010" },
      MORE_THAN_AN_ACCOUNT_HAS,
    ),
    place(
      "an order again under the id of an open one",
      [RESTING],
      refusal(400, -2010, "Duplicate order sent."),
      { kind: "rejected", code: "-2010" },
    ),
    place(
      "an order below the least value",
      [],
      refusal(400, -1013, "Filter failure: NOTIONAL"),
      { kind: "rejected", code: "-1013" },
      "0.00001",
    ),
    place(
      "an order with a key that the venue does not know",
      [state("the key is not known")],
      refusal(401, -2015, "Invalid API-key, IP, or permissions for action."),
      { kind: "rejected", code: "-2015" },
    ),
    place(
      "an order with a wrong signature",
      [state("the secret is another")],
      refusal(400, -1022, "Signature for this request is not valid."),
      { kind: "rejected", code: "-1022" },
    ),
  ];
}

function unclear(): HttpContract[] {
  return [
    place(
      "an order whose outcome the venue does not know",
      [state("the venue misbehaves", { misbehavior: "unknown-status-503" })],
      answer(
        503,
        venueError(
          -1006,
          "An unexpected response was received from the message bus. Execution status unknown.",
        ),
      ),
      { kind: "unknown" },
    ),
    place(
      "an order that the venue's backend did not answer in time",
      [state("the venue misbehaves", { misbehavior: "backend-timeout" })],
      answer(
        504,
        venueError(
          -1007,
          "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
        ),
      ),
      { kind: "unknown" },
    ),
    place(
      "an order beyond the order limit",
      [state("the order limit is used up")],
      // The only limit that the venue answers without a Retry-After.
      refusal(429, -1015, "Too many new orders; current limit is 50 orders per 10 SECOND."),
      { kind: "not-sent" },
    ),
    place(
      "an order beyond the request weight",
      [state("the request weight is used up")],
      withRetryAfter(
        refusal(
          429,
          -1003,
          "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.",
        ),
      ),
      { kind: "not-sent" },
    ),
    place(
      "an order of a banned address",
      [state("the address is banned")],
      withRetryAfter(
        refusal(
          418,
          -1003,
          "Way too much request weight used; IP banned until 1700000000000. Please use WebSocket Streams for live updates to avoid bans.",
        ),
      ),
      { kind: "not-sent" },
    ),
  ];
}
