/**
 * Binance's documented refusals, how each is provoked, and which error each client throws for it. The tests
 * beside this file provoke every one through every client; `docs/clients.md` is generated from this table.
 */

/** A request that will be refused, as any client can make it. Parameters have the venue's names. */
export type RefusedRequest =
  | { readonly kind: "place" | "replace"; readonly parameters: OrderParameters }
  | { readonly kind: "query" | "cancel"; readonly orderId: number }
  | { readonly kind: "read-book"; readonly symbol: string }
  | { readonly kind: "read-account" };

/** A new order's parameters with numbers as numbers: each client writes them in its own way. */
export interface OrderParameters {
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly type: "LIMIT" | "LIMIT_MAKER";
  readonly timeInForce?: "GTC";
  readonly quantity: number;
  readonly price?: number;
  readonly newClientOrderId?: string;
  readonly cancelReplaceMode?: "STOP_ON_FAILURE" | "ALLOW_FAILURE";
  readonly cancelOrderId?: number;
}

/** What makes the venue refuse, where the request alone does not. */
interface Provocation {
  /** The misbehavior that is enabled, with its options. */
  readonly misbehavior?: readonly [name: string, options: Readonly<Record<string, unknown>>];
  /** Whether the same request is made once before, and is then accepted. */
  readonly isRepeated?: true;
  /** Credentials to use instead of the account's. */
  readonly apiKey?: string;
  readonly apiSecret?: string;
}

/** One refusal in the venue's own terms. */
export interface VenueRefusal {
  readonly name: string;
  readonly status: number;
  readonly code: number;
  /** The whole message, or its beginning where a time or a pattern follows. */
  readonly message: string;
  readonly request: RefusedRequest;
  readonly provocation: Provocation;
}

/** An order that rests far below the market. */
const RESTING: OrderParameters = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: 0.001,
  price: 30_000,
};
const NO_ORDER = 1;
const TRY_LATER = { banMs: 120_000 };

const place = (change: Partial<OrderParameters> = {}): RefusedRequest => ({
  kind: "place",
  parameters: { ...RESTING, ...change },
});
const replace = (cancelReplaceMode: "STOP_ON_FAILURE" | "ALLOW_FAILURE"): RefusedRequest => ({
  kind: "replace",
  parameters: { ...RESTING, cancelReplaceMode, cancelOrderId: NO_ORDER },
});
const { price: _price, ...withoutPrice } = RESTING;

function refusal(
  name: string,
  [status, code, message]: readonly [status: number, code: number, message: string],
  request: RefusedRequest,
  provocation: Provocation = {},
): VenueRefusal {
  return { name, status, code, message, request, provocation };
}

const FILTER = "Filter failure: ";

/** Every refusal of the suite. Names are unique. */
export const VENUE_REFUSALS: readonly VenueRefusal[] = [
  refusal(
    "too much weight",
    [429, -1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE."],
    { kind: "read-book", symbol: "BTCUSDT" },
    { misbehavior: ["too-much-weight", {}] },
  ),
  refusal(
    "banned",
    [418, -1003, "Way too much request weight used; IP banned until "],
    { kind: "read-book", symbol: "BTCUSDT" },
    { misbehavior: ["ip-ban", TRY_LATER] },
  ),
  refusal(
    "unknown status",
    [503, -1006, "An unexpected response was received from the message bus. Execution status unknown."],
    place(),
    { misbehavior: ["unknown-status-503", {}] },
  ),
  refusal(
    "backend timeout",
    [
      504,
      -1007,
      "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    ],
    place(),
    { misbehavior: ["backend-timeout", {}] },
  ),
  refusal("price off the grid", [400, -1013, `${FILTER}PRICE_FILTER`], place({ price: 30_000.001 })),
  refusal("quantity too small", [400, -1013, `${FILTER}LOT_SIZE`], place({ quantity: 0.000001 })),
  refusal("order value too low", [400, -1013, `${FILTER}NOTIONAL`], place({ quantity: 0.00001 })),
  refusal(
    "price too far from the market",
    [400, -1013, `${FILTER}PERCENT_PRICE_BY_SIDE`],
    place({ price: 1_000 }),
  ),
  refusal(
    "too many orders",
    [429, -1015, "Too many new orders; current limit is 50 orders per 10 SECOND."],
    place(),
    { misbehavior: ["too-many-orders", {}] },
  ),
  refusal(
    "clock behind",
    [400, -1021, "Timestamp for this request is outside of the recvWindow."],
    { kind: "read-account" },
    { misbehavior: ["clock-skew", { skewMs: 120_000 }] },
  ),
  refusal(
    "clock ahead",
    [400, -1021, "Timestamp for this request was 1000ms ahead of the server's time."],
    { kind: "read-account" },
    { misbehavior: ["clock-skew", { skewMs: -120_000 }] },
  ),
  refusal(
    "wrong secret",
    [400, -1022, "Signature for this request is not valid."],
    { kind: "read-account" },
    { apiSecret: "another" },
  ),
  refusal(
    "illegal characters",
    [400, -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^["],
    place({ newClientOrderId: "ısınma" }),
  ),
  refusal(
    "missing parameter",
    [400, -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed."],
    { kind: "place", parameters: withoutPrice },
  ),
  refusal(
    "too much precision",
    [400, -1111, "Parameter 'quantity' has too much precision."],
    place({ quantity: 0.123456789 }),
  ),
  refusal("unknown symbol", [400, -1121, "Invalid symbol."], { kind: "read-book", symbol: "NOPEUSDT" }),
  refusal(
    "insufficient balance",
    [400, -2010, "Account has insufficient balance for requested action."],
    place({ quantity: 100 }),
  ),
  refusal("duplicate order", [400, -2010, "Duplicate order sent."], place({ newClientOrderId: "twice" }), {
    isRepeated: true,
  }),
  refusal("market closed", [400, -1013, "Market is closed."], place(), {
    misbehavior: ["market-halted", {}],
  }),
  refusal("would take", [400, -2010, "Order would immediately match and take."], {
    kind: "place",
    parameters: { symbol: "BTCUSDT", side: "BUY", type: "LIMIT_MAKER", quantity: 0.001, price: 90_000 },
  }),
  refusal("cancel of no order", [400, -2011, "Unknown order sent."], { kind: "cancel", orderId: NO_ORDER }),
  refusal("query of no order", [400, -2013, "Order does not exist."], { kind: "query", orderId: NO_ORDER }),
  refusal(
    "malformed key",
    [401, -2014, "API-key format invalid."],
    { kind: "read-account" },
    { apiKey: "no key" },
  ),
  refusal(
    "another key",
    [401, -2015, "Invalid API-key, IP, or permissions for action."],
    { kind: "read-account" },
    { apiKey: "another" },
  ),
  refusal(
    "half a replacement",
    [409, -2021, "Order cancel-replace partially failed."],
    replace("ALLOW_FAILURE"),
  ),
  refusal("no replacement", [400, -2022, "Order cancel-replace failed."], replace("STOP_ON_FAILURE")),
];

/** BTCTurk's refusals in ccxt: always the class `ExchangeError`, unless ccxt knows the message. */
export const BTCTURK_REFUSALS = {
  "insufficient balance": { error: "ExchangeError", message: "BALANCE_NOT_ENOUGH" },
  "funds in open orders": { error: "InsufficientFunds", message: "FAILED_ORDER_WITH_OPEN_ORDERS" },
  "cancel of no order": { error: "ExchangeError", message: "NO_ORDER_MATCHES_YOUR_REQUEST" },
  "limit order failed": { error: "InvalidOrder", message: "FAILED_LIMIT_ORDER" },
  "market order failed": { error: "InvalidOrder", message: "FAILED_MARKET_ORDER" },
  "another key": { error: "ExchangeError", message: "Unauthorized - Invalid Public Key" },
  "quota exceeded": { error: "ExchangeError", message: "TOO_MANY_REQUESTS" },
} as const;
