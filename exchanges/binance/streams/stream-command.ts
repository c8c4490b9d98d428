import { z } from "zod";
import { parseJson } from "../../json-text.ts";

/** A message's id: an int64, a short text or null. Larger numbers cannot be represented exactly. */
type CommandId = number | string | null;

/** The commands that a client may send on a stream connection. */
export type StreamCommand =
  | {
      readonly method: "SUBSCRIBE" | "UNSUBSCRIBE";
      readonly params: readonly string[];
      readonly id: CommandId;
    }
  | { readonly method: "LIST_SUBSCRIPTIONS" | "GET_PROPERTY"; readonly id: CommandId }
  | { readonly method: "SET_PROPERTY"; readonly isCombined: boolean; readonly id: CommandId };

/** A message that is not a command, with the venue's code and message for what is wrong. */
export interface BadCommand {
  readonly code: 0 | 1 | 2 | 3;
  readonly msg: string;
  readonly id: CommandId | undefined;
}

const METHODS = ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"] as const;
type Method = (typeof METHODS)[number];

const idSchema = z.union([z.number().refine(Number.isInteger), z.string().max(36), z.null()]).optional();
const streamsSchema = z.array(z.string());

/** Reads a client's message (reference: Binance "WebSocket Streams", "Error Messages"). */
export function readStreamCommand(text: string): StreamCommand | BadCommand {
  const read = parseJson(text);
  if (read.kind === "bad") return { code: 3, msg: `Invalid JSON: ${read.why}`, id: undefined };
  const message = (typeof read.value === "object" && read.value !== null ? read.value : {}) as Record<
    string,
    unknown
  >;
  const id = idSchema.safeParse(message.id);
  if (!id.success) return bad("request ID must be an unsigned integer", undefined);
  const { method } = message;
  if (method === undefined) return bad("missing field `method`", id.data);
  if (typeof method !== "string") return bad("invalid type of `method`, expected a string", id.data);
  if (!isMethod(method)) {
    const expected = METHODS.map((name) => `\`${name}\``).join(", ");
    return bad(`unknown variant \`${method}\`, expected one of ${expected}`, id.data);
  }
  return readParams(method, message.params, id.data ?? null);
}

function isMethod(method: string): method is Method {
  return METHODS.some((known) => known === method);
}

function readParams(method: Method, params: unknown, id: CommandId): StreamCommand | BadCommand {
  if (method === "LIST_SUBSCRIPTIONS") return { method, id };
  if (method === "SUBSCRIBE" || method === "UNSUBSCRIBE") {
    const streams = streamsSchema.safeParse(params);
    return streams.success
      ? { method, params: streams.data, id }
      : bad("expected a list of stream names", id);
  }
  const [name, value, ...more] = Array.isArray(params) ? params : [];
  if (typeof name !== "string") return bad("property name must be a string", id);
  if (more.length > 0 || (method === "GET_PROPERTY" && value !== undefined))
    return bad("too many parameters", id);
  if (name !== "combined") return { code: 0, msg: "Unknown property", id };
  if (method === "GET_PROPERTY") return { method, id };
  if (typeof value !== "boolean") return { code: 1, msg: "Invalid value type: expected Boolean", id };
  return { method, isCombined: value, id };
}

function bad(why: string, id: CommandId | undefined): BadCommand {
  return { code: 2, msg: `Invalid request: ${why}`, id };
}
