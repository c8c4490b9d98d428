import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { openQuoteStream } from "./quote-stream.ts";

it("keeps the last quote of each symbol, and counts what it cannot read without losing the stream", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const allSent = new Promise<void>((resolve) => {
    server.on("connection", (socket) => {
      const quote = { type: "quote", venue: "binance", symbol: "BTCUSDT", bid: "1.00", ask: "1.01", atMs: 1 };
      socket.send(JSON.stringify(quote));
      socket.send('{"type":"quote","venue":');
      socket.send(JSON.stringify({ ...quote, bid: null }));
      socket.send(JSON.stringify({ ...quote, bid: "2.00", ask: "2.01" }));
      socket.send(JSON.stringify({ ...quote, venue: "btcturk" }));
      // The stream sends its first ping after it has read everything above.
      socket.on("message", () => resolve());
    });
  });
  await once(server, "listening");
  const stream = openQuoteStream(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, [], 200);
  try {
    await allSent;
    expect(stream.quote("binance", "BTCUSDT")).toEqual({ bid: "2.00", ask: "2.01" });
    expect(stream.quote("btcturk", "BTCUSDT")).toEqual({ bid: "1.00", ask: "1.01" });
    expect(stream.quote("binance", "ETHUSDT")).toBeUndefined();
    expect(stream.report()).toMatchObject({ connects: 1, disconnects: 0, quotes: 3, unreadable: 2 });
  } finally {
    stream.close();
    server.close();
  }
});
