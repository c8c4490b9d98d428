import { EventEmitter, once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** A request as the fake platform received it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}

/** What the fake platform does with a request: answer it, never answer it, or close the connection. */
export type FakeAnswer =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | "hang"
  | "cut";

/** A platform on loopback with the API's formats, controlled by the test. */
export interface FakePlatform extends AsyncDisposable {
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves when the n-th WebSocket connection (1 is the first) has sent three pings. */
  untilPinged(connection: number): Promise<void>;
  /** Closes every WebSocket. */
  cutWebSockets(): void;
}

/**
 * The answers of a platform without faults: quotes, positions, and orders that rest, each with its own id.
 */
export function healthyAnswer(request: SeenRequest, count: number): FakeAnswer {
  if (request.path.startsWith("/api/quotes/"))
    return { status: 200, body: { bid: "61837.62", ask: "61837.63" } };
  if (request.method === "POST") {
    const order = { id: `order-${count}`, clientOrderId: `client-${count}`, status: "ACCEPTED" };
    return { status: 201, body: { ...order, executedQuantity: "0", fills: [] } };
  }
  return { status: 200, body: {} };
}

export async function startFakePlatform(
  answer: (request: SeenRequest, count: number) => FakeAnswer = healthyAnswer,
): Promise<FakePlatform> {
  const seen: SeenRequest[] = [];
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const key = request.headers["idempotency-key"];
      const path = request.url ?? "";
      const seenRequest = {
        method: request.method ?? "",
        path,
        key: key === undefined ? key : String(key),
        body,
      };
      seen.push(seenRequest);
      const reply = answer(seenRequest, seen.length);
      if (reply === "cut") request.socket.destroy();
      else if (reply !== "hang") {
        response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
        response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
      }
    });
  });
  const webSockets = new WebSocketServer({ server, path: "/ws/quotes" });
  const pinged = new EventEmitter();
  const pings: number[] = [];
  webSockets.on("connection", (socket) => {
    const connection = pings.push(0);
    const quote = {
      type: "quote",
      venue: "binance",
      symbol: "BTCUSDT",
      bid: "61837.62",
      ask: "61837.63",
      atMs: 1,
    };
    socket.send(JSON.stringify(quote));
    socket.on("message", (data) => {
      const { id } = JSON.parse(String(data)) as { id: number };
      socket.send(JSON.stringify({ type: "pong", id }));
      const count = (pings[connection - 1] ?? 0) + 1;
      pings[connection - 1] = count;
      if (count === 3) pinged.emit(String(connection));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cutWebSockets = (): void => {
    for (const socket of webSockets.clients) socket.terminate();
  };
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    untilPinged: async (connection) => {
      if ((pings[connection - 1] ?? 0) < 3) await once(pinged, String(connection));
    },
    cutWebSockets,
    [Symbol.asyncDispose]: async () => {
      cutWebSockets();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
