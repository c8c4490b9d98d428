import { MatchersV3 } from "@pact-foundation/pact";
import { expect } from "vitest";
import { refusal, SIGNED, success } from "./btcturk-messages.ts";
import { CLIENT_ORDER_ID, FRESH, LIMIT_BUY, MORE_THAN_AN_ACCOUNT_HAS } from "./contract-order.ts";
import { type HttpContract, JSON_HEADERS, type ProviderState, state } from "./http-contract.ts";

const { integer, regex, string } = MatchersV3;

const LIMIT_BODY = {
  quantity: "0.001",
  price: "30000",
  newOrderClientId: CLIENT_ORDER_ID,
  orderMethod: "limit",
  orderType: "buy",
  pairSymbol: "BTCUSDT",
};
const PLACING = {
  method: "POST",
  path: "/api/v1/order",
  query: {},
  headers: { ...SIGNED, "content-type": "application/json" },
} as const;

/** Placing orders, with every kind of answer. */
export const BTCTURK_PLACING: readonly HttpContract[] = placing();

function place(
  description: string,
  states: readonly ProviderState[],
  response: HttpContract["response"],
  understood: object,
  change: Partial<typeof LIMIT_BODY> = {},
): HttpContract {
  const { quantity = LIMIT_BUY.quantity } = change;
  return {
    description,
    states,
    request: { ...PLACING, body: { ...LIMIT_BODY, ...change } },
    response,
    followUps: [],
    exercise: async ({ venue }) => {
      expect(await venue.place({ ...LIMIT_BUY, quantity })).toMatchObject(understood);
    },
  };
}

/** A market purchase is measured in the quote asset. */
function placeMarket(
  description: string,
  states: readonly ProviderState[],
  response: HttpContract["response"],
  understood: object,
): HttpContract {
  const { price: _price, ...fields } = LIMIT_BODY;
  return {
    description,
    states,
    request: { ...PLACING, body: { ...fields, orderMethod: "market", quantity: "100" } },
    response,
    followUps: [],
    exercise: async ({ venue }) => {
      const order = { ...LIMIT_BUY, type: "market", price: null, quoteQuantity: "100" } as const;
      expect(await venue.place(order)).toMatchObject(understood);
    },
  };
}

function placing(): HttpContract[] {
  return [
    place("a limit order", [FRESH], success({ id: integer(28) }), {
      kind: "accepted",
      report: { venueOrderId: "28" },
    }),
    placeMarket("a market purchase, measured in the quote asset", [FRESH], success({ id: integer(28) }), {
      kind: "accepted",
      report: { venueOrderId: "28" },
    }),
    place(
      "an order beyond the balance",
      [],
      refusal(400, 1055, "BALANCE_NOT_ENOUGH"),
      { kind: "rejected", code: "1055" },
      { quantity: MORE_THAN_AN_ACCOUNT_HAS },
    ),
    place(
      "an order below the least value",
      [],
      refusal(400, 1123, "FAILED_MIN_TOTAL_AMOUNT"),
      { kind: "rejected", code: "1123" },
      { quantity: "0.00000001" },
    ),
    place(
      "an order that the venue refuses for no reason that it tells",
      [state("the venue misbehaves", { misbehavior: "order-failed" })],
      refusal(400, 1120, "FAILED_LIMIT_ORDER"),
      { kind: "rejected", code: "1120" },
    ),
    placeMarket(
      "a market purchase that the venue refuses for no reason that it tells",
      [state("the venue misbehaves", { misbehavior: "order-failed" })],
      refusal(400, 1118, "FAILED_MARKET_ORDER"),
      { kind: "rejected", code: "1118" },
    ),
    place(
      "an order whose funds are locked by open orders",
      [state("open orders lock most of the balance", { symbol: "BTCUSDT" })],
      refusal(400, 1122, "FAILED_ORDER_WITH_OPEN_ORDERS"),
      { kind: "rejected", code: "1122" },
      { quantity: "1" },
    ),
    place(
      "an order with a key that the venue does not know",
      [state("the key is not known")],
      refusal(401, 1037, "Unauthorized"),
      { kind: "rejected", code: "1037" },
    ),
    place(
      "an order beyond the rate limit",
      [state("the order limit is used up")],
      {
        status: 429,
        headers: { ...JSON_HEADERS, "Retry-After": regex("^\\d+$", "1") },
        body: { success: false, code: 429, message: string("TOO_MANY_REQUESTS") },
      },
      { kind: "not-sent" },
    ),
  ];
}
