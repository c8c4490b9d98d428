import { type HttpReply, type HttpRequest, json } from "../../http/http-server.ts";
import { parseJson } from "../../json-text.ts";
import { BtcturkError, btcturkError } from "../btcturk-error.ts";
import { ACCOUNT_ENDPOINTS } from "./account-endpoints.ts";
import type { BtcturkContext, BtcturkEndpoint } from "./context.ts";
import { GRAPH_ENDPOINTS } from "./graph-endpoints.ts";
import { ORDER_ENDPOINTS } from "./order-endpoints.ts";
import { PUBLIC_ENDPOINTS } from "./public-endpoints.ts";

const ENDPOINTS: ReadonlyMap<string, BtcturkEndpoint> = new Map(
  Object.entries({ ...PUBLIC_ENDPOINTS, ...GRAPH_ENDPOINTS, ...ORDER_ENDPOINTS, ...ACCOUNT_ENDPOINTS }),
);
const ORDER_BY_ID = "/api/v1/order/";

/** Answers one REST request as BTCTurk does. */
export function answerBtcturk(context: BtcturkContext, request: HttpRequest): HttpReply {
  const pathId = request.path.startsWith(ORDER_BY_ID) ? request.path.slice(ORDER_BY_ID.length) : "";
  const path = pathId === "" ? request.path : `${ORDER_BY_ID}{id}`;
  const name = `${request.method} ${path}`;
  const endpoint = ENDPOINTS.get(name);
  if (endpoint === undefined) return { kind: "answer", status: 404, headers: {}, body: "" };
  const refusal = context.limits.refusal(name);
  if (refusal !== undefined) return refusal;
  try {
    if (endpoint.access === "private") context.authentication.check(request);
    const query = new URLSearchParams(request.query);
    return endpoint.answer(context, { query, body: readBody(request.body), pathId });
  } catch (cause) {
    if (!(cause instanceof BtcturkError)) throw cause;
    return json(cause.status, { success: false, message: cause.message, code: cause.venueCode });
  }
}

function readBody(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  const read = parseJson(text);
  const body = read.kind === "json" ? read.value : undefined;
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw btcturkError.invalidRequest();
  return body as Record<string, unknown>;
}
