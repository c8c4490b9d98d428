import { MatchersV3 } from "@pact-foundation/pact";
import type { OrderReference, VenueOrder } from "../../platform/index.ts";
import { type HttpContract, JSON_HEADERS, state } from "./http-contract.ts";

const { regex, string } = MatchersV3;

export const CLIENT_ORDER_ID = "k-1";
export const SIGNED = {
  "x-pck": string("key"),
  "x-stamp": regex("^\\d{13}$", "1700000000000"),
  "x-signature": regex("^[A-Za-z0-9+/]{43}=$", `${"A".repeat(43)}=`),
};
export const STATUS = "^(Untouched|Partial|Closed|Canceled)$";

export const LIMIT_BUY: VenueOrder = {
  clientOrderId: CLIENT_ORDER_ID,
  symbol: "BTCUSDT",
  side: "buy",
  type: "limit",
  quantity: "0.001",
  price: "30000",
  quoteQuantity: null,
};
export const REFERENCE: OrderReference = {
  clientOrderId: CLIENT_ORDER_ID,
  symbol: "BTCUSDT",
  venueOrderId: "28",
  quoteQuantity: null,
  createdAtMs: 1_700_000_000_000,
};

/** Of bitcoin, at the price of the contracts: 3 million. */
export const MORE_THAN_AN_ACCOUNT_HAS = "100";

export const FRESH = state("no order has been placed");
export const RESTING = state("an order rests", { clientOrderId: CLIENT_ORDER_ID, symbol: "BTCUSDT" });
export const FILLED = state("an order has been filled", {
  clientOrderId: CLIENT_ORDER_ID,
  symbol: "BTCUSDT",
});

export function success(data: unknown): HttpContract["response"] {
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: { success: true, code: 0, data } as HttpContract["response"]["body"],
  };
}

/** The code is what the platform acts on; the venue's words are an example. */
export function refusal(status: number, code: number, message: string): HttpContract["response"] {
  return { status, headers: JSON_HEADERS, body: { success: false, code, message: string(message) } };
}
