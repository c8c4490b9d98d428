import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { isRequestOfProgram } from "../../core/index.ts";
import { listenOnLoopback } from "../http/http-server.ts";
import { noteCarrier } from "./carrier.ts";
import { withinBoundary } from "./client-boundary.ts";
import { closeSoon } from "./close-soon.ts";

/** A WebSocket server on loopback. */
export interface WebSocketListener {
  readonly port: number;
  /** Closes every socket with a close code; the server keeps running. */
  closeClients(code: number, reason: string): void;
  close(): Promise<void>;
}

const FORBIDDEN = 403;
const UPGRADE_REQUIRED = 426;
const MAX_INBOUND_BYTES = 64 * 1024;

/** Serves WebSockets on 127.0.0.1, without compression: neither venue offers it. Port 0 takes a free one. */
export async function startWebSocketServer(
  port: number,
  onConnection: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<WebSocketListener> {
  const server = createServer((request, response) => {
    if (isRequestOfProgram(request)) response.writeHead(UPGRADE_REQUIRED, { upgrade: "websocket" });
    else response.writeHead(FORBIDDEN);
    response.end();
  });
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    maxPayload: MAX_INBOUND_BYTES,
    verifyClient: ({ req }, done) => done(isRequestOfProgram(req), FORBIDDEN, "Forbidden"),
  });
  sockets.on("connection", (socket, request) => {
    // ws closes a client that breaks the protocol or its connection; nothing else is to be done.
    socket.on("error", () => socket.terminate());
    noteCarrier(socket, request.socket);
    void withinBoundary(socket, () => onConnection(socket, request));
  });
  // ws forwards the server's errors and throws those without a listener; listenOnLoopback reports them to the
  // caller.
  sockets.on("error", () => undefined);
  await listenOnLoopback(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    closeClients: (code, reason) => {
      for (const socket of sockets.clients) closeSoon(socket, code, reason);
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
