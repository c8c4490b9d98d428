import type { HttpClient, HttpRequest } from "../../api/index.ts";
import { requireAllowedHost } from "../../network/index.ts";
import { Connection } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import { ResponseHeadReader } from "./response-parser.ts";

/** As large as Node's own read buffers. */
const READ_BUFFER_BYTES = 64 * 1_024;

interface IdleConnection {
  readonly connection: Connection;
  readonly usableUntilMs: number;
}

/**
 * An HTTP/1.1 client for load, directly on sockets. It needs about 60 % of the CPU per request of Node's own
 * agent, so that a generator can share a small machine with the platform that it measures. No redirects,
 * proxies, compression or connection limit: a slow answer never delays the next request.
 *
 * @param timeoutMs How long an exchange may take from its sending to its last byte.
 * @param allowedHosts Hosts besides this machine that it may send to.
 * @throws RefusedError `host-not-allowed`
 */
export function createHttpClient(
  baseUrl: string,
  timeoutMs: number,
  allowedHosts: readonly string[],
): HttpClient {
  const base = new URL(baseUrl);
  requireAllowedHost(base, allowedHosts);
  const origin = { url: base, allowedHosts };
  const open = new Set<Connection>();
  const idle: IdleConnection[] = [];

  const reading = { buffer: new Uint8Array(READ_BUFFER_BYTES), heads: new ResponseHeadReader() };

  const deadlines = new Deadlines<Connection>(timeoutMs, (late) => late.destroy("timeout"));
  let lastRequest: HttpRequest | undefined;
  let lastHead = "";

  /** A load of identical requests encodes its head only once. */
  const head = (request: HttpRequest): string => {
    if (request !== lastRequest) {
      lastRequest = request;
      lastHead = requestHead(request, base.host);
    }
    return lastHead;
  };

  const connect = (): Connection => {
    const connection: Connection = new Connection(origin, reading, () => {
      open.delete(connection);
      const at = idle.findIndex((entry) => entry.connection === connection);
      if (at !== -1) idle.splice(at, 1);
    });
    open.add(connection);
    return connection;
  };

  /** The server is least likely to have closed the connection that was used last. */
  const takeIdle = (): Connection | undefined => {
    const entry = idle.pop();
    if (entry === undefined || performance.now() < entry.usableUntilMs) return entry?.connection;
    // When the most recently used one is too old, all are.
    entry.connection.destroy("idle");
    for (const { connection } of idle.splice(0)) connection.destroy("idle");
    return undefined;
  };

  return {
    send: (request, done) => {
      const connection = takeIdle() ?? connect();
      deadlines.start(connection);
      connection.exchange(request, head(request), ({ result, usableForMs }) => {
        deadlines.end(connection);
        if (usableForMs > 0) idle.push({ connection, usableUntilMs: performance.now() + usableForMs });
        done(result);
      });
    },
    close: () => {
      deadlines.stop();
      for (const connection of [...open]) connection.abandon();
    },
  };
}

function requestHead({ method, path, headers, body }: HttpRequest, host: string): string {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  if (body !== "" || method === "POST" || method === "PUT" || method === "PATCH") {
    head += `content-length: ${Buffer.byteLength(body)}\r\n`;
  }
  return `${head}\r\n`;
}
