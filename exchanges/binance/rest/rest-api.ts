import { type HttpReply, type HttpRequest, json } from "../../http/http-server.ts";
import { BinanceError, binanceError } from "../binance-error.ts";
import { ACCOUNT_ENDPOINTS } from "./account.ts";
import { checkSigned } from "./authentication.ts";
import type { BinanceDesk, Endpoint } from "./desk.ts";
import { MARKET_DATA_ENDPOINTS } from "./market-data.ts";
import { ORDER_ENDPOINTS } from "./orders.ts";
import { Parameters } from "./parameters.ts";

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  Object.entries({ ...MARKET_DATA_ENDPOINTS, ...ORDER_ENDPOINTS, ...ACCOUNT_ENDPOINTS }),
);

/** Answers one REST request as Binance Spot does. */
export function answerBinance(desk: BinanceDesk, request: HttpRequest): HttpReply {
  try {
    const endpoint = ENDPOINTS.get(`${request.method} ${request.path}`);
    if (endpoint === undefined) throw binanceError.notFound();
    const parameters = new Parameters(request.query, request.body);
    const weight = endpoint.weight(parameters);
    desk.limits.charge(weight);
    if (endpoint.access === "signed") checkSigned(request, parameters, desk.credentials, desk.clock);
    const result = endpoint.answer(desk, parameters);
    if (result.kind === "cut") return result;
    if (endpoint.refundsWeight) desk.limits.refund(weight);
    return json(200, result.body, { ...desk.limits.weightHeaders(), ...result.headers });
  } catch (cause) {
    if (!(cause instanceof BinanceError)) throw cause;
    const headers = { ...desk.limits.weightHeaders(), ...cause.headers };
    return json(cause.status, { code: cause.venueCode, msg: cause.message }, headers);
  }
}
