import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { collect } from "../testing/collect.ts";
import { startFakePlatform } from "../testing/fake-platform.ts";
import { probeWebSocket, type WebSocketEvent } from "./web-socket-probe.ts";

const PATIENCE = { intervalMs: 20, durationMs: 200, timeoutMs: 10_000, allowedHosts: [] };

function urlOf(platform: { baseUrl: string }): string {
  return `${platform.baseUrl.replace("http", "ws")}/ws/quotes`;
}

/** A server that treats each connection as the test configures, and answers no application pings. */
async function startServer(serve: (socket: WebSocket, count: number) => void, autoPong = true) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong });
  let count = 0;
  server.on("connection", (socket) => {
    count += 1;
    serve(socket, count);
  });
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

function count(events: readonly WebSocketEvent[], wanted: Partial<Record<string, unknown>>): number {
  return events.filter((event) =>
    Object.entries(wanted).every(([key, value]) => Reflect.get(event, key) === value),
  ).length;
}

describe("the WebSocket probe", () => {
  it("connects and measures round trips of both sorts of ping", async () => {
    await using platform = await startFakePlatform();
    const events = await collect(probeWebSocket(urlOf(platform), PATIENCE));
    expect(events[0]).toMatchObject({ kind: "connected" });
    const application = count(events, { kind: "round-trip", ping: "application" });
    const protocol = count(events, { kind: "round-trip", ping: "protocol" });
    expect(application).toBeGreaterThan(1);
    expect(protocol).toBe(application);
    expect(count(events, { kind: "ping-lost" }) + count(events, { kind: "disconnected" })).toBe(0);
  });

  it("counts pings without an answer in time, by their sort", async () => {
    await using server = await startServer(() => undefined);
    const events = await collect(probeWebSocket(server.url, { ...PATIENCE, timeoutMs: 50 }));
    expect(count(events, { kind: "ping-lost", ping: "application" })).toBeGreaterThan(1);
    expect(count(events, { kind: "ping-lost", ping: "protocol" })).toBe(0);
    expect(count(events, { kind: "round-trip", ping: "protocol" })).toBeGreaterThan(1);
  });

  it("reports a disconnect with its code, counts the pending pings as lost, and reconnects", async () => {
    await using server = await startServer((socket, connection) => {
      if (connection === 1) socket.on("message", () => socket.close(1012, "restart"));
    });
    const options = { ...PATIENCE, timeoutMs: 50, reconnectMs: 5 };
    const events = await collect(probeWebSocket(server.url, options));
    expect(events.find(({ kind }) => kind === "disconnected")).toMatchObject({
      code: 1012,
      reason: "restart",
    });
    expect(count(events, { kind: "connected" })).toBe(2);
    expect(count(events, { kind: "ping-lost", ping: "application" })).toBeGreaterThan(0);
  });

  it("reports each failed connection while nothing listens", async () => {
    const server = await startServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const events = await collect(probeWebSocket(server.url, { ...PATIENCE, reconnectMs: 20 }));
    expect(events.length).toBeGreaterThan(1);
    expect(count(events, { kind: "connect-failed", error: "ECONNREFUSED" })).toBe(events.length);
  });

  it("ends when its signal aborts", async () => {
    await using platform = await startFakePlatform();
    const stop = new AbortController();
    const options = { ...PATIENCE, durationMs: 3_600_000, signal: stop.signal };
    let seen = 0;
    for await (const event of probeWebSocket(urlOf(platform), options)) {
      seen += 1;
      if (event.kind === "round-trip") stop.abort();
    }
    expect(seen).toBeGreaterThan(1);
  });
});
