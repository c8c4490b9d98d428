import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** How a canary behaves; absent parts are healthy. */
export interface CanaryBehavior {
  /** The status of its health check, by the number of earlier checks. */
  readonly health?: (asked: number) => number;
  readonly healthDelayMs?: number;
  readonly webSocket?: "answers" | "refuses" | "is-deaf";
  /** `idle`: the process's CPU time does not change; `none`: there are no metrics. */
  readonly metrics?: "idle" | "none";
}

export interface Canary extends AsyncDisposable {
  readonly url: URL;
  /** How often its health was checked. */
  readonly asked: () => number;
}

/** A small platform on loopback, with health, metrics and a WebSocket, that behaves as configured. */
export async function startCanary(behavior: CanaryBehavior = {}): Promise<Canary> {
  const { health = () => 200, healthDelayMs = 0, webSocket = "answers", metrics = "idle" } = behavior;
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) => response.writeHead(status).end(text);
    if (request.url === "/api/healthz") {
      const status = health(asked);
      asked += 1;
      setTimeout(() => answer(status, "{}"), healthDelayMs);
    } else if (request.url === "/metrics" && metrics === "idle") {
      answer(200, "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 7.25\n");
    } else answer(404, "");
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (webSocket === "refuses") socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    else sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client));
  });
  sockets.on("connection", (client) => {
    client.on("message", (data) => {
      const { id } = JSON.parse(String(data)) as { id: number };
      if (webSocket === "answers") client.send(JSON.stringify({ type: "pong", id }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
