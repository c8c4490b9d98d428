import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { systemClock } from "../../core/index.ts";
import { Switchboard } from "../misbehaviors/switchboard.ts";
import { TestSocket } from "../testing/socket.ts";
import { MarketSocket, SLOW_READER_LIMIT_BYTES } from "./market-socket.ts";
import { startWebSocketServer } from "./websocket-server.ts";

describe("a market socket", () => {
  it("disconnects a reader that does not read, and buffers no more for it than the limit", async () => {
    const accepted = Promise.withResolvers<WebSocket>();
    const listener = await startWebSocketServer(0, accepted.resolve);
    await using client = await TestSocket.open(`ws://127.0.0.1:${listener.port}`);
    client.socket.pause();
    const socket = await accepted.promise;
    const market = new MarketSocket(
      socket,
      new Switchboard({ venue: "binance", seed: 1, clock: systemClock }),
    );
    const closed = once(socket, "close");
    const frame = Buffer.alloc(256 * 1024, "x");
    let most = 0;
    // The kernel buffers a limited amount that the client does not read, so this ends.
    while (socket.readyState === socket.OPEN) {
      market.push(frame);
      most = Math.max(most, socket.bufferedAmount);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    expect(most).toBeLessThanOrEqual(SLOW_READER_LIMIT_BYTES + 2 * frame.length);
    await listener.close();
  });
});
