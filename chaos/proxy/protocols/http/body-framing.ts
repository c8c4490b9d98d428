import type { ReplyHead, RequestHead } from "./head.ts";
import type { HeaderFields } from "./header-fields.ts";
import { Unreadable } from "./unreadable.ts";

/** How the end of a message's body is found (RFC 9112, 6.3). */
export type BodyFraming =
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** The body ends when the sender closes. */
  | { readonly kind: "until-close" }
  /** No message: from here on the connection uses another protocol. */
  | { readonly kind: "tunnel" };

const NO_BODY: BodyFraming = { kind: "length", bytes: 0 };

/** The framing of this request's body. */
export function requestFraming({ fields }: RequestHead): BodyFraming | Unreadable {
  const codings = fields.listOf("transfer-encoding");
  if (codings.length > 0) {
    // A server could not find its end either, and answers 400.
    if (!endsInChunked(codings)) return new Unreadable("a request whose transfer coding does not end");
    return { kind: "chunked" };
  }
  return lengthOf(fields) ?? NO_BODY;
}

/** The framing of this reply's body; `method` is that of the request, when it is known. */
export function replyFraming(
  { status, fields }: ReplyHead,
  method: string | undefined,
): BodyFraming | Unreadable {
  if (status === 101 || (method === "CONNECT" && status >= 200 && status < 300)) return { kind: "tunnel" };
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return NO_BODY;
  const codings = fields.listOf("transfer-encoding");
  if (codings.length > 0) return endsInChunked(codings) ? { kind: "chunked" } : { kind: "until-close" };
  return lengthOf(fields) ?? { kind: "until-close" };
}

function endsInChunked(codings: readonly string[]): boolean {
  return codings.at(-1) === "chunked" && codings.indexOf("chunked") === codings.length - 1;
}

/** The stated length; undefined when there is none. The same length stated twice counts once. */
function lengthOf(fields: HeaderFields): BodyFraming | Unreadable | undefined {
  if (!fields.has("content-length")) return undefined;
  const stated = new Set(fields.listOf("content-length"));
  const [text = ""] = stated;
  const bytes = Number(text);
  if (stated.size !== 1 || !/^\d+$/.test(text) || !Number.isSafeInteger(bytes)) {
    return new Unreadable("an invalid Content-Length");
  }
  return { kind: "length", bytes };
}
