import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isRequestOfProgram, UnavailableError } from "../../core/index.ts";
import { reportDefect } from "../defect.ts";

/** A request with its body. Its query is still encoded, because signatures cover the exact bytes. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** The result of a request: an answer, or a connection that is closed without one. */
export type HttpReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: "cut" };

export type HttpHandler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** An HTTP server on loopback. */
export interface HttpListener {
  readonly port: number;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 256 * 1024;
const BODY_TOO_LARGE: HttpReply = {
  kind: "answer",
  status: 413,
  headers: { connection: "close" },
  body: "",
};

/** The answer to a request from a web page, on any port of the stubs. */
const REFUSED_PAGE: HttpReply = {
  kind: "answer",
  status: 403,
  headers: { "content-type": "text/plain", connection: "close" },
  body: "Requests of web pages are not allowed.\n",
};

/**
 * Serves `handler` on 127.0.0.1; port 0 takes a free one.
 *
 * @throws UnavailableError `port-taken` when the port is not available.
 */
export async function startHttpServer(port: number, handler: HttpHandler): Promise<HttpListener> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (incoming, outgoing) => {
    void answer(incoming, outgoing, handler);
  });
  await listenOnLoopback(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Binds a server to 127.0.0.1. Throws UnavailableError `port-taken` when it cannot. */
export async function listenOnLoopback(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new UnavailableError({
          code: "port-taken",
          message: `Expected to listen on 127.0.0.1:${port}, got: ${cause.message}.`,
          nextStep: "Choose another port, or 0 for a free one.",
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** An answer with a JSON body. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json;charset=UTF-8", ...headers },
    body: JSON.stringify(body),
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: HttpHandler,
): Promise<void> {
  try {
    const reply = isRequestOfProgram(incoming) ? await readAndReply(incoming, handler) : REFUSED_PAGE;
    if (reply === null) return;
    if (reply.kind === "cut") {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
    outgoing.end(reply.body);
  } catch (cause) {
    reportDefect(cause);
    outgoing.destroy();
  }
}

/** Null when the client disconnected while it was sending. */
async function readAndReply(incoming: IncomingMessage, handler: HttpHandler): Promise<HttpReply | null> {
  const body = await readBody(incoming);
  if (body.kind === "aborted") return null;
  return body.kind === "text" ? replyTo(incoming, body.text, handler) : BODY_TOO_LARGE;
}

/** A defect of the stub must not look like a venue's answer. */
async function replyTo(incoming: IncomingMessage, body: string, handler: HttpHandler): Promise<HttpReply> {
  try {
    const [path = "", query = ""] = splitOnce(incoming.url ?? "", "?");
    const { method = "GET", headers } = incoming;
    return await handler({ method, path, query, body, headers });
  } catch (cause) {
    reportDefect(cause);
    return json(500, { error: "stub_defect", message: String(cause) });
  }
}

/** Most clients send everything in the query; a request without a body need not be waited for. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

type ReadBody =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "too-large" }
  /** The client disconnected while it was sending. */
  | { readonly kind: "aborted" };

async function readBody(incoming: IncomingMessage): Promise<ReadBody> {
  if (!hasBody(incoming)) return { kind: "text", text: "" };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Keep the connection open when a body is left unread, or its client would get no answer.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) return { kind: "too-large" };
      chunks.push(chunk);
    }
  } catch {
    return { kind: "aborted" };
  }
  return { kind: "text", text: Buffer.concat(chunks).toString() };
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
