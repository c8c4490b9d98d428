import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** The best prices that the control API returns, by symbol. */
export type FakeBooks = Readonly<Record<string, string>>;

/** Venues on loopback, all on one port: their control API, their REST and their feeds. */
export interface FakeVenues extends AsyncDisposable {
  readonly host: string;
  /** Resolves when a client has received all messages of its feed. */
  readonly received: Promise<void>;
}

/**
 * Starts venues whose control API returns these books one after the other, and then the last one again and again. The
 * feeds send every message of `feed` to each client at once, and again whenever the client sends something.
 */
export async function startFakeVenues(
  books: readonly FakeBooks[],
  feed: readonly unknown[],
): Promise<FakeVenues> {
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url !== "/books") return response.writeHead(404).end();
    const book = books[Math.min(asked, books.length - 1)] ?? {};
    asked += 1;
    const list = Object.entries(book).map(([symbol, bid]) => ({ symbol, bid, ask: "99999", recent: [] }));
    return response.end(JSON.stringify(list));
  });
  const sockets = new WebSocketServer({ server });
  const received = Promise.withResolvers<void>();
  sockets.on("connection", (client) => {
    client.on("pong", () => received.resolve());
    const send = () => {
      for (const message of feed) client.send(JSON.stringify(message));
      client.ping();
    };
    send();
    client.on("message", send);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: received.promise,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
