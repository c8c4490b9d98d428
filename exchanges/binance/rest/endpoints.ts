import { callMisbehaving } from "../../misbehaviors/binance-calls.ts";
import { binanceError } from "../binance-error.ts";
import { DOCUMENTED_CALLS } from "../documented/rest-calls.ts";
import { ACCOUNT_ENDPOINTS } from "./account.ts";
import { CANCEL_REPLACE_ENDPOINTS } from "./cancel-replace.ts";
import type { BinanceContext, Endpoint, EndpointResult } from "./context.ts";
import { KLINE_ENDPOINTS } from "./klines.ts";
import { LISTEN_KEY_ENDPOINTS } from "./listen-key-endpoints.ts";
import { MARKET_DATA_ENDPOINTS } from "./market-data.ts";
import { ORDER_ENDPOINTS } from "./orders.ts";
import type { Parameters } from "./parameters.ts";
import { TICKER_ENDPOINTS } from "./tickers.ts";
import { WALLET_ENDPOINTS } from "./wallet.ts";

/** Every endpoint, by `METHOD path`. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  Object.entries({
    ...MARKET_DATA_ENDPOINTS,
    ...KLINE_ENDPOINTS,
    ...TICKER_ENDPOINTS,
    ...ORDER_ENDPOINTS,
    ...CANCEL_REPLACE_ENDPOINTS,
    ...ACCOUNT_ENDPOINTS,
    ...LISTEN_KEY_ENDPOINTS,
    ...WALLET_ENDPOINTS,
  }),
);

const NAMES: ReadonlyMap<Endpoint, string> = new Map(
  [...ENDPOINTS].map(([name, endpoint]) => [endpoint, name]),
);

/** What any request may have besides the parameters of its endpoint. */
const COMMON_PARAMETERS = ["timestamp", "recvWindow", "signature", "apiKey", "returnRateLimits"];

const READ_PARAMETERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  DOCUMENTED_CALLS.map(({ call, parameters }) => [call, new Set([...COMMON_PARAMETERS, ...parameters])]),
);

/** No parameter is ignored in silence. Throws -1104. */
function refuseUnread(call: string, { names }: Parameters): void {
  const read = READ_PARAMETERS.get(call);
  const known = read === undefined ? names : names.filter((name) => read.has(name));
  if (known.length < names.length) throw binanceError.unreadParameters(known.length, names.length);
}

/**
 * Charges a request's weight, lets `authorize` check its sender, and answers it. Some endpoints return the
 * weight of successful requests.
 *
 * @throws BinanceError for every request that the venue rejects.
 */
export function callEndpoint(
  context: BinanceContext,
  endpoint: Endpoint,
  parameters: Parameters,
  authorize: () => void,
): EndpointResult {
  const weight = endpoint.weight(parameters);
  context.limits.charge(weight);
  authorize();
  refuseUnread(NAMES.get(endpoint) ?? "", parameters);
  const call = {
    endpoint: NAMES.get(endpoint) ?? "",
    parameter: (name: string) => parameters.optional(name),
  };
  const result = callMisbehaving(context, call, () => endpoint.answer(context, parameters));
  if (endpoint.refundsWeight && result.kind === "body") context.limits.refund(weight);
  return result;
}
