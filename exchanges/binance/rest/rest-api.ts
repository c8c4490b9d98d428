import { type HttpReply, type HttpRequest, json } from "../../http/http-server.ts";
import { BinanceError, binanceError } from "../binance-error.ts";
import { inTimeUnit, timeUnitOf } from "../time-unit.ts";
import { checkApiKey, checkSigned } from "./authentication.ts";
import type { BinanceContext, Endpoint } from "./context.ts";
import { callEndpoint, ENDPOINTS } from "./endpoints.ts";
import { Parameters } from "./parameters.ts";

const SBE_SCHEMA = /^[0-9]+:[0-9]+$/;

/** Answers one REST request as Binance Spot does. */
export function answerBinance(context: BinanceContext, request: HttpRequest): HttpReply {
  try {
    refuseSbe(request);
    const unit = timeUnitOf(textOf(request.headers["x-mbx-time-unit"]));
    const endpoint = ENDPOINTS.get(`${request.method} ${request.path}`);
    if (endpoint === undefined) throw binanceError.notFound();
    const form = { ...request, body: formOf(request) };
    const parameters = new Parameters(form.query, form.body);
    const authorize = (): void => checkAccess(context, endpoint, form, parameters);
    const result = callEndpoint(context, endpoint, parameters, authorize);
    if (result.kind === "cut") return result;
    if (result.kind === "page") {
      const { status, html: page } = result;
      return { kind: "answer", status, headers: { "content-type": "text/html" }, body: page };
    }
    const reply = json(200, result.body, { ...context.limits.weightHeaders(), ...result.headers });
    return reply.kind === "cut" ? reply : { ...reply, body: inTimeUnit(reply.body, unit) };
  } catch (cause) {
    if (!(cause instanceof BinanceError)) throw cause;
    return json(cause.status, cause.body, { ...context.limits.weightHeaders(), ...cause.headers });
  }
}

/** The account has no SBE. Throws -1152 or -1155 for a client that asks for it. */
function refuseSbe({ headers }: HttpRequest): void {
  const schema = textOf(headers["x-mbx-sbe"]);
  if (schema === undefined && headers.accept?.includes("application/sbe") !== true) return;
  throw schema !== undefined && SBE_SCHEMA.test(schema)
    ? binanceError.sbeDisabled()
    : binanceError.invalidSbeHeader();
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
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
