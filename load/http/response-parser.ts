import { type BodyFraming, type CompleteBody, ResponseBody } from "./response-body.ts";
import { ResponseSyntaxError } from "./response-syntax-error.ts";

/** A complete response, with the parts that a load client needs. */
export interface ParsedResponse {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
  /** Whether the connection may be used for another exchange. */
  readonly reusable: boolean;
  /** The keep-alive time that the server announces, in milliseconds; null when it announces none. */
  readonly keptForMs: number | null;
}

/** What a head says about the response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly framing: BodyFraming;
  readonly persistent: boolean;
  readonly keptForMs: number | null;
}

const MAX_HEAD_BYTES = 64 * 1_024;
const HEAD_END = "\r\n\r\n";
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Parses one HTTP/1.1 response (RFC 9112) from any number of chunks. Interim 1xx responses are skipped;
 * bodies may be framed by length, by chunks or by the end of the connection.
 */
export class ResponseParser {
  readonly #method: string;
  readonly #heads: ResponseHeadReader;
  /** What came before the head was complete. */
  #received: Buffer = NOTHING;
  #begun: BegunResponse | undefined;

  constructor(method: string, heads = new ResponseHeadReader()) {
    this.#method = method;
    this.#heads = heads;
  }

  /** Whether any byte of a response has been received. */
  get begun(): boolean {
    return this.#begun !== undefined || this.#received.length > 0;
  }

  /**
   * Parses the next bytes; returns the response when they complete it. The caller may overwrite the bytes
   * afterwards, since the parser copies what it still needs.
   *
   * @throws ResponseSyntaxError
   */
  push(bytes: Buffer): ParsedResponse | undefined {
    if (this.#begun !== undefined) return response(this.#begun.head, this.#begun.body.push(bytes));
    const received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const rest = this.#readHeads(received);
    if (this.#begun === undefined) {
      this.#received = Buffer.from(rest);
      return undefined;
    }
    const { head, body }: BegunResponse = this.#begun;
    return response(head, body.push(rest));
  }

  /**
   * The connection has ended: returns a response whose body ends with the connection. Any other is
   * incomplete, and the result is undefined.
   */
  end(): ParsedResponse | undefined {
    return this.#begun === undefined ? undefined : response(this.#begun.head, this.#begun.body.end());
  }

  /** Reads heads up to the one of the response; returns the bytes after them. */
  #readHeads(received: Buffer): Buffer {
    let rest = received;
    while (this.#begun === undefined) {
      const headEnd = rest.indexOf(HEAD_END);
      if (headEnd > MAX_HEAD_BYTES || (headEnd === -1 && rest.length > MAX_HEAD_BYTES)) {
        throw new ResponseSyntaxError(
          "bad-response",
          `Expected a head of at most ${MAX_HEAD_BYTES} bytes, got a longer one.`,
        );
      }
      if (headEnd === -1) return rest;
      const head = this.#heads.read(rest.toString("latin1", 0, headEnd), this.#method);
      rest = rest.subarray(headEnd + HEAD_END.length);
      if (head.status >= 200) this.#begun = { head, body: new ResponseBody(head.framing) };
    }
    return rest;
  }
}

/** A response whose head is complete. */
interface BegunResponse {
  readonly head: ResponseHead;
  readonly body: ResponseBody;
}

/** Bytes after the response belong to no request: the connection is not reused. */
function response(head: ResponseHead, body: CompleteBody | undefined): ParsedResponse | undefined {
  if (body === undefined) return undefined;
  return {
    status: head.status,
    retryAfter: head.headers.get("retry-after") ?? null,
    body: body.bytes.toString("utf8"),
    reusable: head.persistent && body.endsExactly,
    keptForMs: head.keptForMs,
  };
}

/**
 * Parses the heads of responses. A server's heads are mostly identical except for the date, which changes
 * once a second: a head that equals the previous one is not parsed again.
 */
export class ResponseHeadReader {
  #lastText = "";
  #lastMethod = "";
  #lastHead: ResponseHead | undefined;

  /** @throws ResponseSyntaxError */
  read(text: string, method: string): ResponseHead {
    if (this.#lastHead !== undefined && text === this.#lastText && method === this.#lastMethod) {
      return this.#lastHead;
    }
    const head = parseHead(text, method);
    this.#lastText = text;
    this.#lastMethod = method;
    this.#lastHead = head;
    return head;
  }
}

function parseHead(text: string, method: string): ResponseHead {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const [, minorVersion, statusText] = STATUS_LINE.exec(statusLine) ?? [];
  if (statusText === undefined) {
    throw new ResponseSyntaxError(
      "bad-response",
      `Expected an HTTP/1.1 status line, got ${JSON.stringify(statusLine)}.`,
    );
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1)
      throw new ResponseSyntaxError("bad-response", `Expected a header line, got ${JSON.stringify(line)}.`);
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(statusText);
  const connection = (headers.get("connection") ?? "").toLowerCase();
  const persistent = minorVersion === "1" ? connection !== "close" : connection === "keep-alive";
  const keptForSeconds = /timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1];
  return {
    status,
    headers,
    framing: framingOf(method, status, headers),
    persistent,
    keptForMs: keptForSeconds === undefined ? null : Number(keptForSeconds) * 1_000,
  };
}

/** RFC 9112, section 6.3. */
function framingOf(method: string, status: number, headers: ReadonlyMap<string, string>): BodyFraming {
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return { kind: "none" };
  const transferEncoding = headers.get("transfer-encoding");
  if (transferEncoding !== undefined) {
    return /(?:^|,\s*)chunked$/i.test(transferEncoding) ? { kind: "chunked" } : { kind: "until-close" };
  }
  const length = headers.get("content-length");
  if (length === undefined) return { kind: "until-close" };
  if (!/^\d+$/.test(length)) {
    throw new ResponseSyntaxError(
      "bad-response",
      `Expected a whole Content-Length, got ${JSON.stringify(length)}.`,
    );
  }
  return { kind: "length", bytes: Number(length) };
}
