import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { HttpRequest, HttpResult } from "../../api/index.ts";
import { createHttpClient } from "./http-client.ts";

const GET: HttpRequest = { method: "GET", path: "/", headers: {}, body: "" };
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** A server that treats each connection as configured, and counts them. */
async function startServer(serve: (socket: net.Socket, request: string) => void) {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => serve(socket, bytes.toString()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function startClient(baseUrl: string, timeoutMs = 10_000) {
  const client = createHttpClient(baseUrl, timeoutMs, []);
  return {
    ask: (request = GET) => new Promise<HttpResult>((resolve) => client.send(request, resolve)),
    close: () => client.close(),
    [Symbol.dispose]: () => client.close(),
  };
}

describe("the load client", () => {
  it("sends its request unchanged, framed by its length in bytes", async () => {
    let seen = "";
    await using server = await startServer((socket, request) => {
      seen = request;
      socket.write(OK);
    });
    using client = startClient(server.baseUrl);
    const body = '{"note":"kanıt"}';
    await client.ask({ method: "POST", path: "/api/orders", headers: { "idempotency-key": "k-1" }, body });
    expect(seen.split("\r\n")).toEqual([
      "POST /api/orders HTTP/1.1",
      `host: ${new URL(server.baseUrl).host}`,
      "idempotency-key: k-1",
      "content-length: 17",
      "",
      body,
    ]);
  });

  it("reuses a connection, but never for two requests at once", async () => {
    await using server = await startServer((socket) => socket.write(OK));
    using client = startClient(server.baseUrl);
    await client.ask();
    await client.ask();
    expect(server.sockets).toHaveLength(1);
    await Promise.all([client.ask(), client.ask(), client.ask()]);
    expect(server.sockets).toHaveLength(3);
  });

  it("does not let a slow answer delay the next request", async () => {
    const waiting: net.Socket[] = [];
    await using server = await startServer((socket) => {
      if (waiting.push(socket) === 3) for (const each of waiting.reverse()) each.write(OK);
    });
    using client = startClient(server.baseUrl);
    const results = await Promise.all([client.ask(), client.ask(), client.ask()]);
    expect(results.map(({ kind }) => kind)).toEqual(["answered", "answered", "answered"]);
  });

  it("drops a connection that the server closed while idle", async () => {
    await using server = await startServer((socket) => socket.write(OK));
    using client = startClient(server.baseUrl);
    await client.ask();
    const [first] = server.sockets;
    first?.end();
    if (first !== undefined) await once(first, "close");
    expect((await client.ask()).kind).toBe("answered");
    expect(server.sockets).toHaveLength(2);
  });

  it("reports a request as unsent when nothing listens", async () => {
    const server = await startServer(() => undefined);
    await server[Symbol.asyncDispose]();
    using client = startClient(server.baseUrl);
    expect(await client.ask()).toEqual({ kind: "unsent", error: "ECONNREFUSED" });
  });

  it("reports a request as lost when no answer comes in time", async () => {
    await using server = await startServer(() => undefined);
    using client = startClient(server.baseUrl, 50);
    expect(await client.ask()).toEqual({ kind: "lost", error: "timeout" });
  });

  it("reports a request as lost when the connection is reset, closed or cut in the middle of an answer", async () => {
    const endings = [
      (socket: net.Socket) => socket.resetAndDestroy(),
      (socket: net.Socket) => socket.end(),
      (socket: net.Socket) => socket.end(OK.slice(0, -1)),
    ];
    await using server = await startServer((socket) => endings.shift()?.(socket));
    using client = startClient(server.baseUrl);
    expect(await client.ask()).toEqual({ kind: "lost", error: "ECONNRESET" });
    expect(await client.ask()).toEqual({ kind: "lost", error: "connection-closed" });
    expect(await client.ask()).toEqual({ kind: "lost", error: "connection-closed" });
  });

  it("reports a request as lost when the answer is not HTTP", async () => {
    await using server = await startServer((socket) => socket.write("garbage\r\n\r\n"));
    using client = startClient(server.baseUrl);
    expect(await client.ask()).toEqual({ kind: "lost", error: "bad-response" });
  });

  it("ends requests in flight when it is closed", async () => {
    await using server = await startServer(() => client.close());
    using client = startClient(server.baseUrl);
    expect(await client.ask()).toEqual({ kind: "lost", error: "stopped" });
  });
});
