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

/** The bytes are not an HTTP/1.1 response. Their connection cannot be used any more. */
export class ResponseSyntaxError extends Error {
  override readonly name = "ResponseSyntaxError";
  readonly code = "bad-response";
}

type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

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
  #received: Buffer = NOTHING;
  #head: ResponseHead | undefined;

  constructor(method: string, heads = new ResponseHeadReader()) {
    this.#method = method;
    this.#heads = heads;
  }

  /** Whether any byte of a response has been received. */
  get begun(): boolean {
    return this.#head !== undefined || this.#received.length > 0;
  }

  /**
   * Parses the next bytes; returns the response when they complete it. The caller may overwrite the bytes
   * afterwards, since the parser copies what it still needs.
   *
   * @throws ResponseSyntaxError
   */
  push(bytes: Buffer): ParsedResponse | undefined {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const response = this.#complete();
    if (response === undefined) this.#received = Buffer.from(this.#received);
    return response;
  }

  #complete(): ParsedResponse | undefined {
    while (this.#head === undefined) {
      const headEnd = this.#received.indexOf(HEAD_END);
      if (headEnd > MAX_HEAD_BYTES || (headEnd === -1 && this.#received.length > MAX_HEAD_BYTES)) {
        throw new ResponseSyntaxError(
          `Expected a head of at most ${MAX_HEAD_BYTES} bytes, got a longer one.`,
        );
      }
      if (headEnd === -1) return undefined;
      const head = this.#heads.read(this.#received.toString("latin1", 0, headEnd), this.#method);
      this.#received = this.#received.subarray(headEnd + HEAD_END.length);
      if (head.status >= 200) this.#head = head;
    }
    return this.#completeBody(this.#head);
  }

  /**
   * The connection has ended: returns a response whose body ends with the connection. Any other is
   * incomplete, and the result is undefined.
   */
  end(): ParsedResponse | undefined {
    if (this.#head?.framing.kind !== "until-close") return undefined;
    return response(this.#head, this.#received, false);
  }

  #completeBody(head: ResponseHead): ParsedResponse | undefined {
    const received = this.#received;
    switch (head.framing.kind) {
      case "none":
        return response(head, NOTHING, received.length === 0);
      case "length": {
        const { bytes } = head.framing;
        if (received.length < bytes) return undefined;
        return response(head, received.subarray(0, bytes), received.length === bytes);
      }
      case "chunked": {
        const chunks = parseChunks(received);
        return chunks && response(head, chunks.body, received.length === chunks.endsAt);
      }
      case "until-close":
        return undefined;
    }
  }
}

/** Bytes after the response belong to no request: the connection is not reused. */
function response(head: ResponseHead, body: Buffer, endsExactly: boolean): ParsedResponse {
  return {
    status: head.status,
    retryAfter: head.headers.get("retry-after") ?? null,
    body: body.toString("utf8"),
    reusable: head.persistent && endsExactly,
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
    throw new ResponseSyntaxError(`Expected an HTTP/1.1 status line, got ${JSON.stringify(statusLine)}.`);
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new ResponseSyntaxError(`Expected a header line, got ${JSON.stringify(line)}.`);
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
    throw new ResponseSyntaxError(`Expected a whole Content-Length, got ${JSON.stringify(length)}.`);
  }
  return { kind: "length", bytes: Number(length) };
}

/** The body inside the chunks, once the last chunk and its trailer are complete. */
function parseChunks(received: Buffer): { body: Buffer; endsAt: number } | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (true) {
    const lineEnd = received.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const sizeText = received.toString("latin1", at, lineEnd);
    const [, hex] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(sizeText) ?? [];
    if (hex === undefined) {
      throw new ResponseSyntaxError(`Expected a chunk's size, got ${JSON.stringify(sizeText)}.`);
    }
    const size = Number.parseInt(hex, 16);
    const dataAt = lineEnd + 2;
    if (size === 0) return endOfTrailer(received, lineEnd, parts);
    if (received.length < dataAt + size + 2) return undefined;
    if (received.toString("latin1", dataAt + size, dataAt + size + 2) !== "\r\n") {
      throw new ResponseSyntaxError(
        `Expected a chunk of ${size} bytes to end with a line break, it does not.`,
      );
    }
    parts.push(received.subarray(dataAt, dataAt + size));
    at = dataAt + size + 2;
  }
}

/** The trailer ends with an empty line; without fields, that line follows the last chunk's size directly. */
function endOfTrailer(received: Buffer, lastSizeEnd: number, parts: readonly Buffer[]) {
  const trailerEnd = received.indexOf(HEAD_END, lastSizeEnd);
  if (trailerEnd === -1) return undefined;
  return { body: Buffer.concat(parts), endsAt: trailerEnd + HEAD_END.length };
}
