import { z } from "zod";
import { parseJson } from "../../json-text.ts";
import { binanceError } from "../binance-error.ts";
import { Parameters } from "../rest/parameters.ts";

const requestSchema = z.object({
  id: z.union([z.number(), z.string(), z.null()]).default(null),
  method: z.string().min(1),
  params: z.record(z.string(), z.unknown()).default({}),
});

const withIdSchema = z.object({ id: z.union([z.number(), z.string()]) });

/** One request of the WebSocket API. */
export interface ApiRequest {
  readonly id: number | string | null;
  /** Without the version prefix that it may have. */
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parameters: Parameters;
}

/** Reads a client's message. Throws -1135 when it is not JSON, -1102 without a method, -1101, -1130. */
export function readApiRequest(text: string): ApiRequest {
  const json = parseJson(text);
  if (json.kind === "bad") throw binanceError.invalidJson();
  const read = requestSchema.safeParse(json.value);
  if (!read.success) {
    const name = String(read.error.issues[0]?.path[0] ?? "method");
    throw name === "method" ? binanceError.missing(name) : binanceError.invalidData(name);
  }
  const { id, method, params } = read.data;
  return { id, method: method.replace(/^v3\//, ""), params, parameters: Parameters.ofRecord(params) };
}

/** The id of a message that may not be a request, for the error's answer; `null` when it has none. */
export function idOf(text: string): number | string | null {
  const json = parseJson(text);
  const read = withIdSchema.safeParse(json.kind === "json" ? json.value : undefined);
  return read.success ? read.data.id : null;
}

/**
 * The payloads that a request's signature may cover: its parameters without the signature, sorted by name,
 * joined as a query. Clients sign the values either unchanged or percent-encoded, so both are accepted.
 */
export function signedPayloads(params: Readonly<Record<string, unknown>>): readonly string[] {
  const entries = Object.entries(params)
    .filter(([name]) => name !== "signature")
    .map(([name, value]): [string, string] => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ])
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const joined = (encode: (value: string) => string): string =>
    entries.map(([name, value]) => `${name}=${encode(value)}`).join("&");
  // A lone surrogate cannot be encoded as UTF-8.
  return [joined((value) => value), joined((value) => encodeURIComponent(value.toWellFormed()))];
}
