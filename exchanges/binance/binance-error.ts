import { EXIT_CODE, KanitError } from "../../core/index.ts";

/** A refusal in the venue's own terms: HTTP status, code and message, as its clients match them. */
export class BinanceError extends KanitError {
  override readonly name = "BinanceError";
  readonly status: number;
  readonly venueCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, venueCode: number, message: string, headers: Record<string, string> = {}) {
    super({
      code: `binance${venueCode}`,
      message,
      nextStep: "See the error codes of Binance's Spot API.",
      exitCode: EXIT_CODE.fail,
    });
    this.status = status;
    this.venueCode = venueCode;
    this.headers = headers;
  }
}

/** The venue's errors, with its exact messages (reference: Binance Spot API docs, "Error codes"). */
export const binanceError = {
  tooMuchWeight: (limit: number, retryAfterSeconds: number) =>
    new BinanceError(
      429,
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use ` +
        "WebSocket Streams for live updates to avoid polling the API.",
      { "retry-after": String(retryAfterSeconds) },
    ),
  banned: (untilMs: number, retryAfterSeconds: number) =>
    new BinanceError(
      418,
      -1003,
      `Way too much request weight used; IP banned until ${untilMs}. Please use WebSocket Streams for live ` +
        "updates to avoid bans.",
      { "retry-after": String(retryAfterSeconds) },
    ),
  unknownStatus: () =>
    new BinanceError(
      503,
      -1006,
      "An unexpected response was received from the message bus. Execution status unknown.",
    ),
  filterFailure: (filter: string) => new BinanceError(400, -1013, `Filter failure: ${filter}`),
  invalidQuantity: () => new BinanceError(400, -1013, "Invalid quantity."),
  invalidPrice: () => new BinanceError(400, -1013, "Invalid price."),
  tooManyOrders: (limit: number, interval: string, retryAfterSeconds: number) =>
    new BinanceError(429, -1015, `Too many new orders; current limit is ${limit} orders per ${interval}.`, {
      "retry-after": String(retryAfterSeconds),
    }),
  outsideRecvWindow: () =>
    new BinanceError(400, -1021, "Timestamp for this request is outside of the recvWindow."),
  aheadOfServer: () =>
    new BinanceError(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  invalidSignature: () => new BinanceError(400, -1022, "Signature for this request is not valid."),
  illegalCharacters: (name: string, range: string) =>
    new BinanceError(
      400,
      -1100,
      `Illegal characters found in parameter '${name}'; legal range is '${range}'.`,
    ),
  missing: (name: string) =>
    new BinanceError(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  neitherSent: (left: string, right: string) =>
    new BinanceError(400, -1102, `Param '${left}' or '${right}' must be sent, but both were empty/null!`),
  notRequired: (name: string) => new BinanceError(400, -1106, `Parameter '${name}' sent when not required.`),
  tooMuchPrecision: (name: string) =>
    new BinanceError(400, -1111, `Parameter '${name}' has too much precision.`),
  invalidTimeInForce: () => new BinanceError(400, -1115, "Invalid timeInForce."),
  invalidType: () => new BinanceError(400, -1116, "Invalid orderType."),
  invalidSide: () => new BinanceError(400, -1117, "Invalid side."),
  invalidSymbol: () => new BinanceError(400, -1121, "Invalid symbol."),
  recvWindowTooLarge: () => new BinanceError(400, -1131, "'recvWindow' must be less than 60000."),
  insufficientBalance: () =>
    new BinanceError(400, -2010, "Account has insufficient balance for requested action."),
  duplicateOrder: () => new BinanceError(400, -2010, "Duplicate order sent."),
  wouldTake: () => new BinanceError(400, -2010, "Order would immediately match and take."),
  unknownOrder: () => new BinanceError(400, -2011, "Unknown order sent."),
  noSuchOrder: () => new BinanceError(400, -2013, "Order does not exist."),
  badKeyFormat: () => new BinanceError(401, -2014, "API-key format invalid."),
  rejectedKey: () => new BinanceError(401, -2015, "Invalid API-key, IP, or permissions for action."),
  notFound: () => new BinanceError(404, -1000, "Path not found."),
} as const;
