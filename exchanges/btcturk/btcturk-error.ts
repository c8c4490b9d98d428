import { EXIT_CODE, KanitError } from "../../core/index.ts";
import { type HttpReply, json } from "../http/http-server.ts";

/** An error in the venue's own terms: HTTP status, code and message of its envelope. */
export class BtcturkError extends KanitError {
  override readonly name = "BtcturkError";
  readonly status: number;
  readonly venueCode: number;

  constructor(status: number, venueCode: number, message: string) {
    super({
      code: `btcturk-${venueCode}`,
      message,
      nextStep: "See the error codes of BTCTurk's API.",
      exitCode: EXIT_CODE.fail,
    });
    this.status = status;
    this.venueCode = venueCode;
  }
}

const INVALID_REQUEST = 1037;

/** The venue's errors, with its codes and messages (reference: docs.btcturk.com and wire captures). */
export const btcturkError = {
  invalidRequest: () => new BtcturkError(400, INVALID_REQUEST, "INVALID_REQUEST_ERROR"),
  unknownPair: (pair: string) => new BtcturkError(400, INVALID_REQUEST, `Pair ${pair} does not exists.`),
  unauthorized: (what: string) => new BtcturkError(401, INVALID_REQUEST, `Unauthorized - Invalid ${what}`),
  balanceNotEnough: () => new BtcturkError(400, 1055, "BALANCE_NOT_ENOUGH"),
  failedMarketOrder: () => new BtcturkError(400, 1118, "FAILED_MARKET_ORDER"),
  failedLimitOrder: () => new BtcturkError(400, 1120, "FAILED_LIMIT_ORDER"),
  fundsInOpenOrders: () => new BtcturkError(400, 1122, "FAILED_ORDER_WITH_OPEN_ORDERS"),
  minTotalAmount: () => new BtcturkError(400, 1123, "FAILED_MIN_TOTAL_AMOUNT"),
  stopNotAboveAsk: () => new BtcturkError(400, 1124, "FAILED_STOP_PRICE_GREATER_THAN_BEST_ASK"),
  stopNotBelowBid: () => new BtcturkError(400, 1125, "FAILED_STOP_PRICE_LESS_THAN_BEST_BID"),
  priceScale: () => new BtcturkError(400, 1126, "FAILED_INVALID_PRICE_SCALE"),
  quantityScale: () => new BtcturkError(400, 1127, "FAILED_INVALID_QUANTITY_SCALE"),
  stopPriceScale: () => new BtcturkError(400, 1128, "FAILED_INVALID_STOP_PRICE_SCALE"),
  methodNotSupported: () => new BtcturkError(400, 1134, "ORDER_METHOD_NOT_SUPPORTED"),
  orderNotFound: () => new BtcturkError(400, 1152, "Order not found"),
  typeNotSupported: () => new BtcturkError(400, 1193, "ORDER_TYPE_NOT_SUPPORTED"),
  priceTooHigh: () => new BtcturkError(400, 1226, "PRICE_MUST_BE_LESS_THAN_MAXPRICE"),
  priceTooLow: () => new BtcturkError(400, 1227, "PRICE_MUST_BE_GREATER_THAN_MINPRICE"),
  noOrderMatches: () => new BtcturkError(400, INVALID_REQUEST, "NO_ORDER_MATCHES_YOUR_REQUEST"),
  couldNotBeCanceled: (message = "ORDER_COULD_NOT_BE_CANCELED") =>
    new BtcturkError(400, INVALID_REQUEST, message),
} as const;

/** A limit as the venue's error names it: a number of requests per period, by account or by address. */
export interface Quota {
  readonly maximum: number;
  /** `1s`, `1m`. */
  readonly period: string;
  readonly policy: "account-ip" | "ip";
}

/** The error for a request beyond a limit, with the body as captured (reference: BTCTurk, "Limits"). */
export function quotaExceededReply({ maximum, period, policy }: Quota, retryAfterS: number): HttpReply {
  const body = {
    message: "TOO_MANY_REQUESTS",
    success: false,
    code: 429,
    details: `Quota exceeded. Maximum allowed: ${maximum} per ${period}.`,
    limit: String(maximum),
    period,
    policy,
  };
  return json(429, body, { "retry-after": String(retryAfterS) });
}
