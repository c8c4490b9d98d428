import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UnavailableError } from "../../core/index.ts";

/** A request with its body read, its query still as it was sent: signatures cover the very bytes. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** What becomes of a request: an answer, or a connection that is cut without one. */
export type HttpReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: "cut" };

export type HttpHandler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** A server on loopback. */
export interface HttpListener {
  readonly port: number;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * Serves `handler` on 127.0.0.1; port 0 takes a free one.
 *
 * @throws UnavailableError `port-taken` when the port cannot be had.
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
          nextStep: "Give another port, or 0 for a free one.",
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
  let reply: HttpReply;
  try {
    const body = hasBody(incoming) ? await readBody(incoming) : "";
    const [path = "", query = ""] = splitOnce(incoming.url ?? "", "?");
    reply = await handler({ method: incoming.method ?? "GET", path, query, body, headers: incoming.headers });
  } catch (cause) {
    // A defect of the stub must not look like a venue's answer.
    reply = json(500, { error: "stub_defect", message: String(cause) });
  }
  if (reply.kind === "cut") {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  outgoing.end(reply.body);
}

/** A request without a body need not be waited for: clients that send all in the query are the rule. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES)
      throw new RangeError(`Expected a body of at most ${BODY_LIMIT_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
