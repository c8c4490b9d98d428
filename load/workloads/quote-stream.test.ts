import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { API_SCHEMA, QuoteMessages, type StreamQuote } from "../../api/index.ts";
import { openQuoteStream } from "./quote-stream.ts";

const { quoteStream: STREAM, amounts } = API_SCHEMA.parse({
  place: { path: "/" },
  query: { path: "/" },
  quoteStream: {
    path: "/stream",
    subscribe: '[{ "op": "sub", "pairs": symbol }, "hello"]',
    quote: 'topic = "best" ? data.{ "venue": v, "symbol": s, "bid": b, "ask": a }',
    ping: '{ "op": "ping", "n": id }',
    pong: 'op = "pong" ? n',
  },
});

it("subscribes, pings, hands on each quote, and counts what it cannot read without losing the stream", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const received: unknown[] = [];
  const pinged = new Promise<void>((resolve) => {
    server.on("connection", (socket) => {
      const best = (...data: readonly unknown[]) => socket.send(JSON.stringify({ topic: "best", data }));
      const quote = { v: "binance", s: "BTCUSDT", b: "1.00", a: "1.01" };
      best(quote);
      socket.send('{"topic":"best","data":');
      best({ ...quote, b: null });
      best({ ...quote, b: "2.00", a: "2.01" }, { ...quote, v: "btcturk" });
      socket.on("message", (data) => {
        received.push(String(data));
        if (!String(data).includes("ping")) return;
        socket.send(JSON.stringify({ op: "pong", n: JSON.parse(String(data)).n }));
        resolve();
      });
    });
  });
  await once(server, "listening");
  if (STREAM === null) throw new TypeError("Expected a quote stream, got none.");
  const quotes: StreamQuote[] = [];
  const stream = openQuoteStream({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/stream`,
    allowedHosts: [],
    pingIntervalMs: 50,
    messages: new QuoteMessages(STREAM, { amounts }),
    interest: { venues: ["binance"], symbol: "BTCUSDT" },
    onQuote: (quote) => quotes.push(quote),
  });
  try {
    await pinged;
    await expect.poll(() => stream.report().pongs).toBeGreaterThan(0);
    expect(received.slice(0, 2)).toEqual(['{"op":"sub","pairs":"BTCUSDT"}', "hello"]);
    expect(quotes.map(({ venue, bid }) => [venue, bid])).toEqual([
      ["binance", "1.00"],
      ["binance", "2.00"],
      ["btcturk", "1.00"],
    ]);
    expect(stream.report()).toMatchObject({ connects: 1, disconnects: 0, quotes: 3, unreadable: 2 });
  } finally {
    stream.close();
    server.close();
  }
});
