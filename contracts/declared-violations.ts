import type { Provider } from "./matching/pact-file.ts";

/** A misbehavior that violates the contract, or that affects nothing in it. */
export interface Declaration {
  /** The endpoints whose answers differ, or `frame`; none: the pact does not cover what it affects. */
  readonly breaks: readonly string[];
  readonly reason: string;
}

const USER_EVENTS =
  "The platform asks for its orders over REST and reads no account stream, so that no pact contains its events.";
const SYMBOL_LISTS =
  "The platform reads no exchangeInfo and no lists of tickers: its symbols are configured.";
const BTCTURK_PAGE =
  "A proxy in front of the venue answers with an HTML page without envelope, which contains nothing about the order.";

const PRIVATE_CALLS = [
  "DELETE /api/v1/order",
  "GET /api/v1/openOrders",
  "GET /api/v1/order/{id}",
  "GET /api/v1/users/transactions/trade",
  "POST /api/v1/order",
];

/**
 * Lists every misbehavior whose answers match no interaction of the pact, or that affects nothing in the
 * pact, with the reason why it is tested nevertheless. All other misbehaviors conform to the contract.
 */
export const DECLARATIONS: Readonly<Record<Provider, Readonly<Record<string, Declaration>>>> = {
  "binance-spot": {
    "ack-lost": {
      breaks: ["POST /api/v3/order"],
      reason: "There is no answer: networks lose answers, whatever the venue promises.",
    },
    "listen-key-expired": { breaks: [], reason: USER_EVENTS },
    maintenance: {
      breaks: [
        "DELETE /api/v3/order",
        "GET /api/v3/depth",
        "GET /api/v3/myTrades",
        "GET /api/v3/openOrders",
        "GET /api/v3/order",
        "GET /api/v3/time",
        "POST /api/v3/order",
      ],
      reason: "A proxy in front of the venue answers everything with an HTML page while the venue is away.",
    },
    "non-ascii-symbol": { breaks: [], reason: SYMBOL_LISTS },
    "order-ended-by-venue": {
      breaks: [],
      reason: "It ends the orders that are open when it begins, and a day of calls begins without any.",
    },
    "server-shutdown": {
      breaks: ["frame"],
      reason:
        "The notice is sent among the market's frames; the platform must tolerate a frame that it cannot read.",
    },
    "user-events-coalesced": { breaks: [], reason: USER_EVENTS },
    "user-events-duplicated": { breaks: [], reason: USER_EVENTS },
    "user-events-late": { breaks: [], reason: USER_EVENTS },
    "user-events-out-of-order": { breaks: [], reason: USER_EVENTS },
    "zero-last-quantity": { breaks: [], reason: USER_EVENTS },
  },
  btcturk: {
    "ack-lost": {
      breaks: ["POST /api/v1/order"],
      reason: "There is no answer: networks lose answers, whatever the venue promises.",
    },
    "auth-error-success-true": {
      breaks: PRIVATE_CALLS,
      reason:
        "A refusal whose envelope claims success contradicts the venue's own contract, but has been observed.",
    },
    "dotless-event": { breaks: [], reason: "The platform does not log in to the feed, and gets no 451." },
    "html-504": { breaks: ["POST /api/v1/order"], reason: BTCTURK_PAGE },
    "internal-error": {
      breaks: PRIVATE_CALLS,
      reason: "The venue documents no answer for an error of its own; a platform has to survive one.",
    },
    "late-reply": {
      breaks: ["POST /api/v1/order"],
      reason:
        "An acceptance without the order's id leaves the platform without an id for its order; it has been observed.",
    },
    "trade-off-book": {
      breaks: [],
      reason: "The platform subscribes only to the book's channel, not to the trades.",
    },
    "unknown-status-503": { breaks: ["POST /api/v1/order"], reason: BTCTURK_PAGE },
  },
};
