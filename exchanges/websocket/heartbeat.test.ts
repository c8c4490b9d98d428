import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { TestSocket } from "../testing/socket.ts";
import { keepHeartbeat } from "./heartbeat.ts";
import { startWebSocketServer, type WebSocketListener } from "./websocket-server.ts";

const RULE = { pingIntervalMs: 20, pongTimeoutMs: 120 };
let listener: WebSocketListener;
let accepted: (socket: WebSocket) => void;

beforeEach(async () => {
  listener = await startWebSocketServer(0, (socket) => accepted(socket));
});
afterEach(() => listener.close());

const url = (): string => `ws://127.0.0.1:${listener.port}`;

describe("a heartbeat", () => {
  it("keeps a client that answers its pings", async () => {
    const silent: string[] = [];
    accepted = (socket) => keepHeartbeat(socket, RULE, () => silent.push("silent"));
    await using client = await TestSocket.open(url());
    for (let count = 0; count < 12; count++) await once(client.socket, "ping");
    expect(silent).toEqual([]);
  });

  it("disconnects a client that answers none", async () => {
    accepted = (socket) => keepHeartbeat(socket, RULE, () => socket.close(1000));
    await using client = await TestSocket.open(url(), { autoPong: false });
    expect(await client.closed()).toBe(1000);
  });

  it("does not count a pong that answers no ping", async () => {
    accepted = (socket) => keepHeartbeat(socket, RULE, () => socket.close(1000));
    await using client = await TestSocket.open(url(), { autoPong: false });
    client.socket.on("ping", () => client.socket.pong("unsolicited"));
    expect(await client.closed()).toBe(1000);
  });
});
