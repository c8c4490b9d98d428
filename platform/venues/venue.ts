import type { Decimal } from "../money.ts";

/** The venues that the platform sends orders to. */
export const ORDER_VENUES = ["binance", "btcturk"] as const;
/** The venues whose market data the platform receives. */
export const FEEDS = [...ORDER_VENUES, "bist"] as const;
export type VenueName = (typeof ORDER_VENUES)[number];
export type FeedName = (typeof FEEDS)[number];
export type Side = "buy" | "sell";
export type OrderType = "limit" | "market";

/** The states that a venue can report. */
export type VenueStatus = "ACCEPTED" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED";

/** An order as it is sent. Amounts are decimal text, in the base asset unless stated otherwise. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
  /** In the quote asset, for a venue that measures market buys so. */
  readonly quoteQuantity: string | null;
}

/** What is needed to find an order again. */
export interface OrderReference {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly venueOrderId: string | null;
  /** Set for an order that the venue measures in the quote asset, otherwise null. */
  readonly quoteQuantity: string | null;
  /** When the platform created the order; limits the search. */
  readonly createdAtMs: number;
}

/** One execution, as the venue reports it. */
export interface VenueFill {
  readonly tradeId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Never negative. */
  readonly fee: Decimal;
  readonly feeAsset: string;
  readonly executedAtMs: number;
}

/** A venue's report of one order, with the fills that came with it. */
export interface VenueReport {
  readonly venueOrderId: string;
  readonly status: VenueStatus;
  /**
   * In the base asset; null when the venue measures this order in the quote asset, so that only its fills
   * have it.
   */
  readonly executedQuantity: Decimal | null;
  readonly fills: readonly VenueFill[];
}

/** The result of sending an order. */
export type Placement =
  | { readonly kind: "accepted"; readonly report: VenueReport }
  /** The venue refused it: it does not exist there. */
  | { readonly kind: "rejected"; readonly code: string; readonly message: string }
  /** It may or may not exist there: look it up, never repeat it. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** It certainly never reached the matching engine. */
  | { readonly kind: "not-sent"; readonly reason: string; readonly retryAfterMs: number };

/** The result of looking an order up. */
export type Lookup =
  | { readonly kind: "found"; readonly report: VenueReport }
  | { readonly kind: "not-found" }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs: number };

/** The result of a request for all open orders of a symbol, by client order id. */
export type OpenOrders =
  | { readonly kind: "open"; readonly reports: ReadonlyMap<string, VenueReport> }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs: number };

/** An order as its venue keeps it, for a database that has forgotten it. Amounts are decimal text. */
export interface RecentOrder {
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
  readonly createdAtMs: number;
  readonly report: VenueReport;
}

/** The result of a request for all orders of a symbol since a time. */
export type RecentOrders =
  | { readonly kind: "orders"; readonly orders: readonly RecentOrder[] }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs: number };

/** The result of a request for an order's fills. */
export type FillList =
  | { readonly kind: "fills"; readonly fills: readonly VenueFill[] }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs: number };

/** The result of a request to cancel. Whatever it is, a lookup shows the order's state. */
export type Cancellation =
  | { readonly kind: "requested" }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "failed"; readonly reason: string };

/** A venue's order interface. No method throws because of the venue or the network. */
export interface Venue {
  readonly name: VenueName;
  /** The pause that the venue requires, in ms; 0 for none. */
  readonly heldBackMs: number;
  place(order: VenueOrder): Promise<Placement>;
  lookup(order: OrderReference): Promise<Lookup>;
  openOrders(symbol: string): Promise<OpenOrders>;
  /** All orders of a symbol since this time, open or not. */
  ordersSince(symbol: string, sinceMs: number): Promise<RecentOrders>;
  fillsOf(order: OrderReference): Promise<FillList>;
  cancel(order: OrderReference): Promise<Cancellation>;
}
