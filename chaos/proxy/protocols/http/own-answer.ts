import { STATUS_CODES } from "node:http";
import { keepsAlive, type RequestHead } from "./head.ts";
import type { OwnAnswer } from "./tactic.ts";

/** What a made-up reply consists of. */
export interface AnswerParts {
  /** 200 to 599. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Stated by `writeAnswer` itself: a framing that lies would make nonsense of all that follows on the connection. */
const FRAMING_HEADERS: readonly string[] = ["content-length", "transfer-encoding", "trailer"];

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Writes the reply to a request, framed as RFC 9112 asks for: with its length, without a body where there may be none
 * (HEAD, 204, 304), and with the connection closed after it where the client or a given `Connection: close` wants that.
 * Header names that are none are left out, and line breaks in values become spaces, since they would begin a header.
 */
export function writeAnswer({ status, headers, body }: AnswerParts, request: RequestHead): OwnAnswer {
  const given = Object.entries(headers).filter(
    ([name]) => HEADER_NAME.test(name) && !FRAMING_HEADERS.includes(name.toLowerCase()),
  );
  const closes = given.some(
    ([name, value]) => name.toLowerCase() === "connection" && /\bclose\b/i.test(value),
  );
  const staysOpen = !closes && keepsAlive(request) && request.method !== "CONNECT";
  const bodyBytes = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...given.map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n\0]+/g, " ")}`),
    ...(status === 204 || status === 304 ? [] : [`Content-Length: ${bodyBytes.length}`]),
    ...(staysOpen || closes ? [] : ["Connection: close"]),
    ...(staysOpen && request.minorVersion === 0 ? ["Connection: keep-alive"] : []),
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  const hasBody = request.method !== "HEAD" && status !== 204 && status !== 304;
  return {
    bytes: hasBody ? Buffer.concat([head, bodyBytes]) : head,
    keepsAlive: staysOpen,
    what: `answered ${status}`,
  };
}
