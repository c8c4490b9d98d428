import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** How a canary behaves; absent parts are healthy. */
export interface CanaryBehavior {
  /** The status of its health check, by the number of earlier checks. */
  readonly health?: (asked: number) => number;
  readonly healthDelayMs?: number;
  readonly webSocket?: "answers" | "refuses" | "is-deaf";
  /** Its metrics page, by the number of health checks; null: there is none. */
  readonly page?: ((asked: number) => string) | null;
  /** Handles requests for the metrics page or the health check instead of the canary. */
  readonly takesOver?: { readonly path: "/metrics" | "/api/healthz"; readonly answer: RequestListener };
}

export interface Canary extends AsyncDisposable {
  readonly url: URL;
  /** How often its health was checked. */
  readonly asked: () => number;
}

/** The lines of the metrics page of an idle process that has answered so many requests. */
export function pageLines(asked: number): readonly string[] {
  return [
    "# TYPE process_cpu_seconds_total counter",
    "process_cpu_seconds_total 7.25",
    "# TYPE process_start_time_seconds gauge",
    "process_start_time_seconds 1748700000",
    "# TYPE http_requests_total counter",
    `http_requests_total{status="200"} ${asked}`,
    "# TYPE http_request_duration_seconds histogram",
    `http_request_duration_seconds_bucket{le="0.1"} ${asked}`,
    `http_request_duration_seconds_bucket{le="+Inf"} ${asked}`,
    `http_request_duration_seconds_sum ${asked / 1_000}`,
    `http_request_duration_seconds_count ${asked}`,
  ];
}

/** The same page with other text in place of the lines that begin so; null removes them. */
export function pageWith(asked: number, beginning: string, line: string | null): string {
  const lines = pageLines(asked).flatMap((each) => {
    if (!each.startsWith(beginning)) return [each];
    return line === null ? [] : [line];
  });
  return `${lines.join("\n")}\n`;
}

/** A small platform on loopback, with health, metrics and a WebSocket, that behaves as configured. */
export async function startCanary(behavior: CanaryBehavior = {}): Promise<Canary> {
  const { health = () => 200, healthDelayMs = 0, webSocket = "answers", takesOver } = behavior;
  const { page = (count: number) => `${pageLines(count).join("\n")}\n` } = behavior;
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) => response.writeHead(status).end(text);
    if (takesOver !== undefined && request.url === takesOver.path) takesOver.answer(request, response);
    else if (request.url === "/api/healthz") {
      const status = health(asked);
      asked += 1;
      setTimeout(() => answer(status, "{}"), healthDelayMs);
    } else if (request.url === "/metrics" && page !== null) answer(200, page(asked));
    else answer(404, "");
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

/** Sends a page without an end, as fast as the client reads it. */
export const endlessPage: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  let line = 0;
  const more = () => {
    let hasRoom = true;
    while (hasRoom && !response.destroyed) {
      line += 1;
      hasRoom = response.write(`endless_total{line="${line}"} 1\n`.repeat(200));
    }
    if (!response.destroyed) response.once("drain", more);
  };
  more();
};
