import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** A request with its body. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An HTTP and WebSocket server on a free loopback port. */
export interface LoopbackServer {
  readonly port: number;
  readonly sockets: ReadonlySet<WebSocket>;
  stop(): Promise<void>;
}

/** Starts a server; `respond` may also destroy the response, or leave it unanswered. */
export async function startLoopbackServer(
  respond: (request: ReceivedRequest, response: ServerResponse) => ServerResponse,
  welcome: (socket: WebSocket) => void,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://loopback");
      const { method = "GET", headers } = request;
      const body = Buffer.concat(chunks).toString("utf8");
      respond({ method, path: url.pathname, query: url.searchParams, headers, body }, response);
    });
  });
  const webSocket = new WebSocketServer({ server });
  webSocket.on("connection", welcome);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets: webSocket.clients,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of webSocket.clients) socket.terminate();
        webSocket.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: unknown): ServerResponse {
  return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
