import { describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { serve } from "../../testing/http-page.ts";
import { sparkQuotes } from "../../testing/spark-api.ts";
import { QuoteRecorder } from "./quote-recorder.ts";

const BEST = { bid: "61837.63", ask: "61837.64" };
const QUOTE = { venue: "binance", symbol: "BTCUSDT", ...BEST };

describe("the quote recorder", () => {
  it("keeps the last quote of each market and every crossed one, whatever else is sent", async () => {
    await using page = await serve((_request, response) => response.end());
    const sockets = new WebSocketServer({ server: page.server });
    sockets.on("connection", (socket) => {
      const crossed = { ...QUOTE, bid: BEST.ask, ask: BEST.bid };
      for (const quote of [crossed, QUOTE]) socket.send(JSON.stringify({ type: "quote", ...quote }));
      socket.send('{"type":"pong","id":1}');
      socket.send("no JSON");
    });
    await using watch = new QuoteRecorder(page.url, sparkQuotes(), {
      venues: ["binance"],
      symbol: "BTCUSDT",
    });
    await vi.waitFor(() => expect(watch.snapshot().count).toBe(2));
    expect(watch.snapshot()).toMatchObject({ crossed: [{ bid: BEST.ask }], last: [QUOTE] });
  });

  it("reconnects when it is disconnected", async () => {
    await using page = await serve((_request, response) => response.end());
    const sockets = new WebSocketServer({ server: page.server });
    let connections = 0;
    sockets.on("connection", (socket) => {
      connections += 1;
      socket.terminate();
    });
    await using _watch = new QuoteRecorder(page.url, sparkQuotes(), {
      venues: ["binance"],
      symbol: "BTCUSDT",
    });
    await vi.waitFor(() => expect(connections).toBeGreaterThan(1));
  });
});
