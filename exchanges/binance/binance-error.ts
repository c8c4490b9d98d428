import { EXIT_CODE, KanitError } from "../../core/index.ts";

/** What some errors contain besides status, code and message. */
interface BinanceErrorExtras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: unknown;
  readonly retryAtMs?: number;
}

/** When a rate-limited client may call again: by the venue's clock, and in the seconds of a `Retry-After`. */
export interface RetryTime {
  readonly atMs: number;
  readonly inSeconds: number;
}

function retryExtras({ atMs, inSeconds }: RetryTime): BinanceErrorExtras {
  return { headers: { "retry-after": String(inSeconds) }, retryAtMs: atMs };
}

/** An error in the venue's own terms: HTTP status, code and message, on which its clients match. */
export class BinanceError extends KanitError {
  override readonly name = "BinanceError";
  readonly status: number;
  readonly venueCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of the error's body besides code and message, if any. */
  readonly data: unknown;
  /** The earliest time of a useful retry, in ms since the epoch, where the venue states it. */
  readonly retryAtMs: number | undefined;

  constructor(
    status: number,
    venueCode: number,
    message: string,
    { headers = {}, data, retryAtMs }: BinanceErrorExtras = {},
  ) {
    super({
      code: `binance${venueCode}`,
      message,
      nextStep: "See the error codes of Binance's Spot API.",
      exitCode: EXIT_CODE.fail,
    });
    this.status = status;
    this.venueCode = venueCode;
    this.headers = headers;
    this.data = data;
    this.retryAtMs = retryAtMs;
  }

  /** The error's body, the same on every interface of the venue. */
  get body(): Readonly<Record<string, unknown>> {
    const plain = { code: this.venueCode, msg: this.message };
    return this.data === undefined ? plain : { ...plain, data: this.data };
  }
}

/** The venue's errors, with its exact messages (reference: Binance Spot API docs, "Error codes"). */
export const binanceError = {
  tooMuchWeight: (limit: number, retry: RetryTime) =>
    new BinanceError(
      429,
      -1003,
      `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use ` +
        "WebSocket Streams for live updates to avoid polling the API.",
      retryExtras(retry),
    ),
  tooManyRequests: (retry: RetryTime) =>
    new BinanceError(429, -1003, "Too many requests queued.", retryExtras(retry)),
  banned: (retry: RetryTime) =>
    new BinanceError(
      418,
      -1003,
      `Way too much request weight used; IP banned until ${retry.atMs}. Please use WebSocket Streams for live ` +
        "updates to avoid bans.",
      retryExtras(retry),
    ),
  unauthorized: () => new BinanceError(401, -1002, "You are not authorized to execute this request."),
  tooManySubscriptions: (limit: number) =>
    new BinanceError(
      400,
      -1191,
      `Too many subscriptions. Connection may create up to '${limit}' subscriptions at a time.`,
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
  tooManyOrders: (limit: number, interval: string, retry: RetryTime) =>
    new BinanceError(
      429,
      -1015,
      `Too many new orders; current limit is ${limit} orders per ${interval}.`,
      retryExtras(retry),
    ),
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
  unsupportedOperation: () => new BinanceError(400, -1020, "This operation is not supported."),
  retired: () => new BinanceError(410, -1016, "This service is no longer available."),
  unreadParameters: (read: number, sent: number) =>
    new BinanceError(
      400,
      -1104,
      `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`,
    ),
  invalidSymbolStatus: () => new BinanceError(400, -1122, "Invalid symbolStatus."),
  badStrategyType: () => new BinanceError(400, -1134, "strategyType was less than 1000000."),
  invalidSbeHeader: () =>
    new BinanceError(400, -1152, "Invalid `X-MBX-SBE` header; expected `<SCHEMA_ID>:<VERSION>`."),
  sbeDisabled: () => new BinanceError(400, -1155, "SBE is not enabled."),
  invalidTimeUnit: () =>
    new BinanceError(400, -1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."),
  otherSymbolStatus: () =>
    new BinanceError(400, -1220, "The symbol's status does not match the requested symbolStatus."),
  duplicateParameter: () => new BinanceError(400, -1101, "Duplicate values for a parameter detected."),
  unsupportedCombination: () => new BinanceError(400, -1014, "Unsupported order combination."),
  invalidTimeInForce: () => new BinanceError(400, -1115, "Invalid timeInForce."),
  invalidType: () => new BinanceError(400, -1116, "Invalid orderType."),
  invalidSide: () => new BinanceError(400, -1117, "Invalid side."),
  invalidInterval: () => new BinanceError(400, -1120, "Invalid interval."),
  invalidSymbol: () => new BinanceError(400, -1121, "Invalid symbol."),
  noSuchListenKey: () => new BinanceError(400, -1125, "This listenKey does not exist."),
  tooManyHours: (hours: number) =>
    new BinanceError(400, -1127, `More than ${hours} hours between startTime and endTime.`),
  badCombination: () => new BinanceError(400, -1128, "Combination of optional parameters invalid."),
  invalidData: (name: string) =>
    new BinanceError(400, -1130, `Data sent for parameter '${name}' is not valid.`),
  invalidJson: () => new BinanceError(400, -1135, "Invalid JSON Request"),
  invalidTickerType: () => new BinanceError(400, -1139, "Invalid ticker type."),
  invalidCancelRestrictions: () => new BinanceError(400, -1145, "Invalid cancelRestrictions"),
  duplicateSymbols: () => new BinanceError(400, -1151, "Symbol is present multiple times in the list."),
  recvWindowTooLarge: () => new BinanceError(400, -1131, "'recvWindow' must be less than 60000."),
  insufficientBalance: () =>
    new BinanceError(400, -2010, "Account has insufficient balance for requested action."),
  duplicateOrder: () => new BinanceError(400, -2010, "Duplicate order sent."),
  wouldTake: () => new BinanceError(400, -2010, "Order would immediately match and take."),
  rejectedOrder: (message: string) => new BinanceError(400, -2010, message),
  /** The documentation lists it under -2010; the real venue sends -1013. */
  marketClosed: () => new BinanceError(400, -1013, "Market is closed."),
  wouldTrigger: () => new BinanceError(400, -2010, "Order would trigger immediately."),
  noLiquidity: () =>
    new BinanceError(400, -2010, "Order book liquidity is less than LOT_SIZE filter minimum quantity."),
  selfTradeModeNotAllowed: () =>
    new BinanceError(400, -1013, "This symbol does not allow the specified self-trade prevention mode."),
  cancelRejected: (message: string) => new BinanceError(400, -2011, message),
  unknownOrder: () => new BinanceError(400, -2011, "Unknown order sent."),
  noSuchOrder: () => new BinanceError(400, -2013, "Order does not exist."),
  cancelReplacePartlyFailed: (data: unknown) =>
    new BinanceError(409, -2021, "Order cancel-replace partially failed.", { data }),
  cancelReplaceFailed: (data: unknown) =>
    new BinanceError(400, -2022, "Order cancel-replace failed.", { data }),
  badKeyFormat: () => new BinanceError(401, -2014, "API-key format invalid."),
  rejectedKey: () => new BinanceError(401, -2015, "Invalid API-key, IP, or permissions for action."),
  hmacNotSupported: () => new BinanceError(400, -4056, "HMAC_SHA256 API key is not supported."),
  notFound: () => new BinanceError(404, -1000, "Path not found."),
} as const;
