import { type HttpReply, type HttpRequest, json } from "../../http/http-server.ts";
import { BinanceError, binanceError } from "../binance-error.ts";
import { checkApiKey, checkSigned } from "./authentication.ts";
import type { BinanceDesk, Endpoint } from "./desk.ts";
import { callEndpoint, ENDPOINTS } from "./endpoints.ts";
import { Parameters } from "./parameters.ts";

/** Answers one REST request as Binance Spot does. */
export function answerBinance(desk: BinanceDesk, request: HttpRequest): HttpReply {
  try {
    const endpoint = ENDPOINTS.get(`${request.method} ${request.path}`);
    if (endpoint === undefined) throw binanceError.notFound();
    const form = { ...request, body: formOf(request) };
    const parameters = new Parameters(form.query, form.body);
    const authorize = (): void => checkAccess(desk, endpoint, form, parameters);
    const result = callEndpoint(desk, endpoint, parameters, authorize);
    if (result.kind === "cut") return result;
    return json(200, result.body, { ...desk.limits.weightHeaders(), ...result.headers });
  } catch (cause) {
    if (!(cause instanceof BinanceError)) throw cause;
    return json(cause.status, cause.body, { ...desk.limits.weightHeaders(), ...cause.headers });
  }
}

/** A body counts when it is a form; some clients send a JSON type with an empty one. */
function formOf({ body, headers }: HttpRequest): string {
  return headers["content-type"]?.includes("json") === true ? "" : body;
}

function checkAccess(
  desk: BinanceDesk,
  { access }: Endpoint,
  request: HttpRequest,
  parameters: Parameters,
): void {
  if (access === "keyed") checkApiKey(request.headers["x-mbx-apikey"], desk.credentials);
  if (access === "signed") checkSigned(request, parameters, desk.credentials, desk.clock);
}
