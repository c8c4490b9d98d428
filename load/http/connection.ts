import type net from "node:net";
import type { HttpRequest, HttpResult } from "../../api/index.ts";
import { openSocket } from "../../network/index.ts";
import { type ParsedResponse, type ResponseHeadReader, ResponseParser } from "./response-parser.ts";
import { ResponseSyntaxError } from "./response-syntax-error.ts";

/** The destination of a connection, and the hosts besides this machine that are allowed. */
export interface Origin {
  readonly url: URL;
  readonly allowedHosts: readonly string[];
}

/** The state of a connection after an exchange. */
export interface ExchangeEnd {
  readonly result: HttpResult;
  /** How long the connection may be idle and still be reused, in milliseconds; 0 for not at all. */
  readonly usableForMs: number;
}

interface Exchange {
  readonly parser: ResponseParser;
  readonly done: (end: ExchangeEnd) => void;
}

/**
 * Less than the 5 s after which Node servers close an idle connection, so that a request cannot meet the
 * close.
 */
const DEFAULT_KEEP_ALIVE_MS = 4_000;
/** A connection is reused for this much less than the keep-alive time that the server announces. */
const KEPT_MARGIN_MS = 1_000;

/** What the connections of one client share, to save allocations. */
export interface SharedReading {
  /** All connections read into it, since each read is processed before the next. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly heads: ResponseHeadReader;
}

/** One connection, with one exchange at a time. */
export class Connection {
  readonly #socket: net.Socket;
  readonly #heads: ResponseHeadReader;
  #connected = false;
  #exchange: Exchange | undefined;
  #error = "connection-closed";

  /** Connects immediately; `closed` is called when the connection has ended. */
  constructor(origin: Origin, { buffer, heads }: SharedReading, closed: () => void) {
    this.#heads = heads;
    const read = (count: number): boolean => {
      this.#receive(Buffer.from(buffer.buffer, 0, count));
      return true;
    };
    const isSecure = origin.url.protocol === "https:";
    const { url, allowedHosts } = origin;
    // TLS cannot read into the caller's buffer.
    const reading = isSecure ? {} : { noDelay: true, onread: { buffer, callback: read } };
    const socket = openSocket(url, allowedHosts, reading);
    this.#socket = socket;
    socket.once(isSecure ? "secureConnect" : "connect", () => {
      this.#connected = true;
    });
    // With a buffer of our own, Node emits no `data` events.
    if (isSecure) socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("end", () => this.#serverEnded());
    socket.on("error", (error) => {
      this.#error = (error as NodeJS.ErrnoException).code ?? error.message;
    });
    socket.on("close", () => {
      this.#giveUp(this.#error);
      closed();
    });
  }

  /** Sends a request; the connection must be idle. `done` is called exactly once. */
  exchange(request: HttpRequest, head: string, done: (end: ExchangeEnd) => void): void {
    this.#exchange = { parser: new ResponseParser(request.method, this.#heads), done };
    // Heads are ASCII, which Node writes faster.
    if (request.body === "") this.#socket.write(head, "latin1");
    else this.#socket.write(head + request.body);
  }

  /** Closes the connection now; an exchange in progress ends with `error`. */
  destroy(error: string): void {
    this.#giveUp(error);
    this.#socket.destroy();
  }

  /** Closes the connection after a timeout: an exchange in progress is `lost`, connected or not. */
  abandon(): void {
    this.#finish({ result: { kind: "lost", error: "stopped" }, usableForMs: 0 });
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#exchange === undefined) {
      this.destroy("unasked-bytes");
      return;
    }
    const response = this.#parse(this.#exchange.parser, bytes);
    if (response !== undefined) this.#answer(response);
  }

  /** Parses received bytes. When they are not HTTP, the request was sent and its effect is unknown: lost. */
  #parse(parser: ResponseParser, bytes: Buffer): ParsedResponse | undefined {
    try {
      return parser.push(bytes);
    } catch (error) {
      if (!(error instanceof ResponseSyntaxError)) throw error;
      this.destroy(error.code);
      return undefined;
    }
  }

  #serverEnded(): void {
    const response = this.#exchange?.parser.end();
    if (response !== undefined) this.#answer(response);
    this.#socket.destroy();
  }

  #answer({ status, retryAfter, body, reusable, keptForMs }: ParsedResponse): void {
    const usableForMs = keptForMs === null ? DEFAULT_KEEP_ALIVE_MS : Math.max(0, keptForMs - KEPT_MARGIN_MS);
    if (!reusable) this.#socket.destroy();
    this.#finish({
      result: { kind: "answered", status, retryAfter, body },
      usableForMs: reusable ? usableForMs : 0,
    });
  }

  #giveUp(error: string): void {
    this.#finish({ result: { kind: this.#connected ? "lost" : "unsent", error }, usableForMs: 0 });
  }

  #finish(end: ExchangeEnd): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.done(end);
  }
}
