import { type HttpReply, type HttpRequest, json } from "../../http/http-server.ts";
import { BinanceError, binanceError } from "../binance-error.ts";
import { checkApiKey, checkSigned } from "./authentication.ts";
import type { BinanceContext, Endpoint } from "./context.ts";
import { callEndpoint, ENDPOINTS } from "./endpoints.ts";
import { Parameters } from "./parameters.ts";

/** Answers one REST request as Binance Spot does. */
export function answerBinance(context: BinanceContext, request: HttpRequest): HttpReply {
  try {
    const endpoint = ENDPOINTS.get(`${request.method} ${request.path}`);
    if (endpoint === undefined) throw binanceError.notFound();
    const form = { ...request, body: formOf(request) };
    const parameters = new Parameters(form.query, form.body);
    const authorize = (): void => checkAccess(context, endpoint, form, parameters);
    const result = callEndpoint(context, endpoint, parameters, authorize);
    if (result.kind === "cut") return result;
    return json(200, result.body, { ...context.limits.weightHeaders(), ...result.headers });
  } catch (cause) {
    if (!(cause instanceof BinanceError)) throw cause;
    return json(cause.status, cause.body, { ...context.limits.weightHeaders(), ...cause.headers });
  }
}

/** Only a form body is read: some clients send a JSON content type with an empty body. */
function formOf({ body, headers }: HttpRequest): string {
  return headers["content-type"]?.includes("json") === true ? "" : body;
}

function checkAccess(
  context: BinanceContext,
  { access }: Endpoint,
  request: HttpRequest,
  parameters: Parameters,
): void {
  if (access === "keyed") checkApiKey(request.headers["x-mbx-apikey"], context.credentials);
  if (access === "signed") checkSigned(request, parameters, context.credentials, context.clock);
}
