import type { OrderReference, VenueOrder } from "../../platform/index.ts";
import { state } from "./http-contract.ts";

export const CLIENT_ORDER_ID = "k-1";

/** The order in the contracts of every venue. */
export const LIMIT_BUY: VenueOrder = {
  clientOrderId: CLIENT_ORDER_ID,
  symbol: "BTCUSDT",
  side: "buy",
  type: "limit",
  quantity: "0.001",
  price: "30000",
  quoteQuantity: null,
};

/** The same order before the platform knows the venue's id. */
export const REFERENCE: OrderReference = {
  clientOrderId: CLIENT_ORDER_ID,
  symbol: "BTCUSDT",
  venueOrderId: null,
  quoteQuantity: null,
  createdAtMs: 1_700_000_000_000,
};

/**
 * A quantity of bitcoin: worth 3 million at the contracts' price, still within a venue's limit for one order.
 */
export const MORE_THAN_AN_ACCOUNT_HAS = "100";

const THE_ORDER = { clientOrderId: CLIENT_ORDER_ID, symbol: "BTCUSDT" };

export const FRESH = state("no order has been placed");
export const RESTING = state("an order rests", THE_ORDER);
export const FILLED = state("an order has been filled", THE_ORDER);
