import { Agent, type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { HttpRig, receiveText } from "../protocols/http/testing/http-rig.ts";
import { Rig, until } from "../test-rig.ts";

const order = (rig: HttpRig, path = "/api/v3/order?signature=secret") =>
  fetch(`${rig.url}${path}`, { method: "POST", body: "quantity=1" });

describe("http_answer", () => {
  it("answers the request of its number with status, header fields and body, without the server", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", {
      method: "POST",
      path: "^/api/v3/order$",
      nth: 2,
      status: 502,
      headers: { "Content-Type": "text/html", "Retry-After": "1", "X-Where": "café" },
      body: "<html>bad gateway, ğ</html>",
    });
    const replies = [await order(rig), await order(rig, "/api/v3/time"), await order(rig), await order(rig)];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 502, 200]);
    expect(replies[2]?.headers.get("retry-after")).toBe("1");
    expect(replies[2]?.headers.get("x-where")).toBe("café");
    expect(await replies[2]?.text()).toBe("<html>bad gateway, ğ</html>");
    expect(rig.seen).toEqual([
      "POST /api/v3/order?signature=secret 10",
      "POST /api/v3/time 10",
      "POST /api/v3/order?signature=secret 10",
    ]);
    expect(await rig.bites("http_answer")).toMatchObject({ connections: 1, messages: 1, gaveUp: 0 });
  });

  it("affects each second match, over all connections, or in each of them", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", { every: 2 });
    const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    const inTurn = async () => {
      const statuses: number[] = [];
      for (let turn = 0; turn < 6; turn++) statuses.push(await statusOf(rig, agents[turn % 2]));
      return statuses;
    };
    expect(await inTurn()).toEqual([200, 503, 200, 503, 200, 503]);
    await rig.remove("http_answer");
    await rig.add("http_answer", { every: 2, per: "connection" });
    expect(await inTurn()).toEqual([200, 200, 503, 503, 200, 200]);
    for (const agent of agents) agent.destroy();
  });

  it("affects the same share of requests for the same seed", async () => {
    const run = async (seed: number) => {
      await using rig = await HttpRig.start({ seed });
      await rig.add("http_answer", { share: 0.5 });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const statuses: number[] = [];
      for (let turn = 0; turn < 24; turn++) statuses.push(await statusOf(rig, agent));
      agent.destroy();
      return statuses;
    };
    const first = await run(7);
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it("keeps pipelined replies in the order of their requests", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", { path: "^/taken", body: "taken" });
    const client = rig.dial();
    const paths = ["/taken/1", "/plain/2", "/taken/3", "/taken/4", "/plain/5", "/taken/6"];
    client.socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
    await until(() => client.received.toString().split("taken").length === 5);
    const bodies = client.received.toString().match(/taken|GET \/plain\/\d/g);
    expect(bodies).toEqual(["taken", "GET /plain/2", "taken", "taken", "GET /plain/5", "taken"]);
    expect(rig.seen).toEqual(["GET /plain/2 0", "GET /plain/5 0"]);
  });

  it("reads and drops a chunked body with trailers, and the connection stays usable", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", { method: "POST" });
    const client = rig.dial();
    client.socket.write("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    client.socket.write("lo\r\n0\r\nDigest: x\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    const received = await receiveText(client, "GET /b 0");
    expect(received).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
    expect(rig.seen).toEqual(["GET /b 0"]);
  });

  it("tells a client that waits for 100 Continue to go on, and answers when its body is there", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", { status: 503 });
    const events: string[] = [];
    const sending = request(`${rig.url}/upload`, { method: "PUT", headers: { Expect: "100-continue" } });
    sending.flushHeaders();
    sending.on("continue", () => {
      events.push("continue");
      sending.end("x".repeat(200_000));
    });
    const reply = await new Promise<IncomingMessage>((resolve) => sending.on("response", resolve));
    reply.resume();
    expect([...events, reply.statusCode]).toEqual(["continue", 503]);
    expect(rig.seen).toEqual([]);
  });

  it("answers a HEAD request without a body, and closes the connection when the client asks for it", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", { body: "twelve bytes" });
    const client = rig.dial();
    client.socket.write(
      "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    await client.ended;
    expect(client.received.toString()).toBe(
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 12\r\n\r\n" +
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 12\r\nConnection: close\r\n\r\ntwelve bytes",
    );
  });

  it.each([
    ["a value that would begin a header of its own", { "X-Why": "a\r\nX-Smuggled: yes" }, "headers.X-Why"],
    ["framing, which the toxic states itself", { "Content-Length": "99" }, "headers.Content-Length"],
    ["a name that is none", { "no name": "x" }, "headers.no name"],
  ])("refuses %s among the headers", async (_what, headers, field) => {
    await using rig = await HttpRig.start();
    await expect(rig.add("http_answer", { headers })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`field "${field}": expected `),
    });
  });

  it("lets a request in progress reach the server whole when the toxic is removed", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", {});
    const client = rig.dial();
    client.socket.write("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
    await until(() => rig.connections === 1);
    await rig.remove("http_answer");
    client.socket.write("world");
    await receiveText(client, "POST /a 10");
    expect(rig.seen).toEqual(["POST /a 10"]);
  });

  it("passes a request of more than 1 MiB, and reports it", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_answer", {});
    const reply = await fetch(`${rig.url}/a`, { method: "POST", body: Buffer.alloc(1_500_000, "x") });
    expect(await reply.text()).toBe("POST /a 1500000");
    const { messages, gaveUp, gaveUpWhy } = await rig.bites("http_answer");
    expect({ messages, gaveUp }).toEqual({ messages: 0, gaveUp: 1 });
    expect(gaveUpWhy).toMatch(/POST \/a of more than 1 MiB/);
  });

  it("affects the next request of a connection that was in use before", async () => {
    await using rig = await HttpRig.start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await statusOf(rig, agent)).toBe(200);
    await rig.add("http_answer", {});
    expect([await statusOf(rig, agent), await statusOf(rig, agent)]).toEqual([503, 503]);
    await rig.remove("http_answer");
    expect(await statusOf(rig, agent)).toBe(200);
    expect(rig.connections).toBe(1);
    agent.destroy();
  });

  it.each([
    ["TLS", Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc])],
    ["HTTP/2", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")],
    ["an HTTP/1 request line was expected", Buffer.from("HELO there\r\n\r\n")],
  ])("passes %s unchanged, and reports it once", async (why, hello) => {
    await using rig = await Rig.start();
    await rig.add("http_answer");
    const { client, server } = await rig.open();
    client.socket.write(hello);
    expect(await server.receive(hello.length)).toEqual(hello);
    server.socket.write("as it is");
    expect((await client.receive(8)).toString()).toBe("as it is");
    const [bites] = await rig.client.bites();
    expect(bites).toMatchObject({ gaveUp: 1, gaveUpWhy: why });
    expect(bites?.bite).toEqual({ kind: "unknown", why: `1 connections could not be parsed (${why})` });
  });

  it("passes everything after an upgrade, which is not a failure", async () => {
    await using rig = await HttpRig.start();
    rig.server.on("upgrade", (_request, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      socket.pipe(socket);
    });
    await rig.add("http_answer", { path: "^/taken" });
    const client = rig.dial();
    client.socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    await receiveText(client, "\r\n\r\n");
    client.socket.write("GET /taken HTTP/1.1\r\nHost: a\r\n\r\nnot HTTP any more");
    expect(await receiveText(client, "not HTTP any more")).toContain("GET /taken");
    expect(await rig.bites("http_answer")).toMatchObject({ messages: 0, gaveUp: 0 });
  });
});

function statusOf(rig: HttpRig, agent: Agent | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(`${rig.url}/`, agent === undefined ? {} : { agent }, (reply) => {
      reply.resume();
      reply.on("end", () => resolve(reply.statusCode ?? 0));
    });
    sending.on("error", reject);
    sending.end();
  });
}
