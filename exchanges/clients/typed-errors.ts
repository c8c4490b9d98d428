import type { ClientName } from "./client-calls.ts";
import type { VenueRefusal } from "./venue-refusals.ts";

/** The clients of Binance; every refusal is provoked through each of them. */
export type BinanceClientName = Exclude<ClientName, "ccxt-btcturk">;

/** The error that a client throws for a refusal. */
export interface TypedError {
  /** Its class, with the venue's code where the client reports it. */
  readonly name: string;
  /** What its message contains. */
  readonly message: string;
}

/**
 * ccxt has a class for each meaning, which its users catch, and `ExchangeError` for codes that it does not
 * know.
 */
const CCXT_CLASSES: Readonly<Record<string, string>> = {
  "too much weight": "DDoSProtection",
  banned: "DDoSProtection",
  "unknown status": "OperationFailed",
  "backend timeout": "RequestTimeout",
  "price off the grid": "InvalidOrder",
  "quantity too small": "InvalidOrder",
  "order value too low": "BadRequest",
  "price too far from the market": "InvalidOrder",
  "too many orders": "DDoSProtection",
  "clock behind": "InvalidNonce",
  "clock ahead": "InvalidNonce",
  "wrong secret": "AuthenticationError",
  "illegal characters": "BadRequest",
  "missing parameter": "BadRequest",
  "too much precision": "BadRequest",
  "unknown symbol": "BadSymbol",
  "insufficient balance": "InsufficientFunds",
  "duplicate order": "InvalidOrder",
  "market closed": "MarketClosed",
  "would take": "OrderImmediatelyFillable",
  "cancel of no order": "OrderNotFound",
  "query of no order": "OrderNotFound",
  "malformed key": "AuthenticationError",
  "another key": "AuthenticationError",
};

const SPOT_CLASSES: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  401: "UnauthorizedError",
  418: "RateLimitBanError",
  429: "TooManyRequestsError",
};

const TYPED_ERRORS: Readonly<Record<BinanceClientName, (refusal: VenueRefusal) => TypedError>> = {
  "ccxt-binance": ({ name, message }) => ({ name: CCXT_CLASSES[name] ?? "ExchangeError", message }),
  "binance-spot": ({ status, code, message }) => {
    // For a 5XX this client keeps the HTTP status and drops the body, so code and message are lost.
    if (status >= 500) return { name: `ServerError ${status}`, message: `Server error: ${status}` };
    return { name: `${SPOT_CLASSES[status] ?? "ConnectorClientError"} ${code}`, message };
  },
  "binance-connector": ({ status, code, message }) => ({ name: `AxiosError ${status} ${code}`, message }),
  "binance-api-node": ({ code, message }) => ({ name: `Error ${code}`, message }),
  binance: ({ code, message }) => ({ name: `{ code: ${code} }`, message }),
};

/** What a client throws when the venue refuses. */
export function typedErrorOf(client: BinanceClientName, refusal: VenueRefusal): TypedError {
  return TYPED_ERRORS[client](refusal);
}
