import { STATUS_CODES } from "node:http";
import { keepsAlive, type RequestHead } from "./head.ts";
import type { OwnAnswer } from "./tactic.ts";

/** The content of a reply that the proxy makes. */
export interface AnswerParts {
  /** 200 to 599. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Set by `writeAnswer` itself: wrong framing would make everything that follows on the connection unreadable.
 */
const FRAMING = /^(?:content-length|transfer-encoding|trailer)$/i;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** A line break in a value would begin another header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Why a reply cannot have this header field, or undefined when it can. */
export function headerComplaint(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) return "expected the name of a header field";
  if (FRAMING.test(name)) return "expected no framing, which the proxy states itself";
  return HEADER_VALUE.test(value) ? undefined : "expected one line of Latin-1 text";
}

/**
 * Builds the reply to a request, framed as RFC 9112 requires: with a length, without a body where none is
 * allowed (HEAD, 204, 304), and closing the connection afterwards when the client or a given `Connection:
 * close` asks for it. `headerComplaint` must have accepted the headers.
 */
export function writeAnswer({ status, headers, body }: AnswerParts, request: RequestHead): OwnAnswer {
  const given = Object.entries(headers);
  const closes = given.some(
    ([name, value]) => name.toLowerCase() === "connection" && /\bclose\b/i.test(value),
  );
  const staysOpen = !closes && keepsAlive(request) && request.method !== "CONNECT";
  const bodyBytes = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...given.map(([name, value]) => `${name}: ${value}`),
    ...(status === 204 || status === 304 ? [] : [`Content-Length: ${bodyBytes.length}`]),
    ...(staysOpen || closes ? [] : ["Connection: close"]),
    ...(staysOpen && request.minorVersion === 0 ? ["Connection: keep-alive"] : []),
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  const hasBody = request.method !== "HEAD" && status !== 204 && status !== 304;
  return {
    bytes: hasBody ? Buffer.concat([head, bodyBytes]) : head,
    keepsAlive: staysOpen,
    what: `answered ${status}`,
  };
}
