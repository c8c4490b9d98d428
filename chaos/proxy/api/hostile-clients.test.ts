import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type StartedFaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { LIMITS } from "../limits.ts";
import { LinkCollection } from "../link-collection.ts";
import { until } from "../test-rig.ts";
import type { Handler } from "./call.ts";
import { createControlServer } from "./control-server.ts";

const start = () => startFaultProxy({ port: 0, seed: 1 });
const UPSTREAM = "127.0.0.1:9";

/** Sends these bytes and returns everything received until the server closes. */
async function exchange(url: string, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = dial(url);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (const part of parts) socket.write(part);
  await new Promise((resolve) => socket.on("close", resolve));
  return Buffer.concat(chunks).toString();
}

function dial(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  // The server is expected to close the connection; only what it sent before matters.
  socket.on("error", () => socket.destroy());
  return socket;
}

function head(method: string, path: string, headers: Readonly<Record<string, string | number>> = {}): string {
  const lines = Object.entries({ host: "127.0.0.1", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

function post(path: string, body: string | Buffer, last = true): Buffer {
  const headers = { "content-length": Buffer.byteLength(body), ...(last ? { connection: "close" } : {}) };
  return Buffer.concat([Buffer.from(head("POST", path, headers)), Buffer.from(body)]);
}

async function statusOf(proxy: StartedFaultProxy): Promise<number> {
  return (await fetch(`${proxy.url}/version`)).status;
}

describe("the control API survives", () => {
  it("a body that is nested more deeply than the stack allows", async () => {
    await using proxy = await start();
    const deep = `${"[".repeat(400_000)}${"]".repeat(400_000)}`;
    for (const body of [deep, `{"name":${deep}}`, `{"name":"a","upstream":"${UPSTREAM}","toxics":${deep}}`]) {
      const reply = await exchange(proxy.url, post("/proxies", body));
      expect(reply).toMatch(/^HTTP\/1.1 400 [\s\S]*bad request body/);
    }
    expect(await statusOf(proxy)).toBe(200);
  });

  it("bytes that are not UTF-8", async () => {
    await using proxy = await start();
    const body = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    expect(await exchange(proxy.url, post("/proxies", body))).toContain("bad request body: not valid UTF-8");
  });

  it("a huge body, and reports the limit to its sender", async () => {
    await using proxy = await start();
    const reply = await exchange(proxy.url, post("/populate", Buffer.alloc(20_000_000, 0x20)));
    expect(reply).toMatch(/^HTTP\/1.1 413 [\s\S]*larger than 1048576 bytes/);
    const chunked = head("POST", "/populate", { "transfer-encoding": "chunked", connection: "close" });
    const chunk = `10000\r\n${" ".repeat(0x1_0000)}\r\n`;
    expect(await exchange(proxy.url, chunked, chunk.repeat(20), "0\r\n\r\n")).toMatch(/^HTTP\/1.1 413 /);
  });

  it("a client that disconnects at any point of its call", async () => {
    await using proxy = await start();
    const whole = post("/proxies", `{"name":"a","upstream":"${UPSTREAM}"}`);
    for (let length = 1; length < whole.length; length += 7) {
      const socket = dial(proxy.url);
      await new Promise<void>((resolve) => socket.write(whole.subarray(0, length), () => resolve()));
      socket.resetAndDestroy();
    }
    expect(await (await fetch(`${proxy.url}/proxies`)).json()).toEqual({});
    const impatient = dial(proxy.url);
    impatient.write(whole);
    impatient.end();
    await until(async () =>
      JSON.stringify(await (await fetch(`${proxy.url}/proxies`)).json()).includes('"a"'),
    );
  });

  it("pipelined requests, which are carried out and answered in their order", async () => {
    await using proxy = await start();
    const requests = [
      post("/proxies", `{"name":"a","upstream":"${UPSTREAM}"}`, false),
      post("/proxies/a/toxics", `{"type":"latency"}`, false),
      Buffer.from(head("DELETE", "/proxies/a/toxics/latency_downstream")),
      Buffer.from(head("GET", "/proxies/a", { connection: "close" })),
    ];
    const reply = await exchange(proxy.url, Buffer.concat(requests));
    expect([...reply.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      "201",
      "200",
      "204",
      "200",
    ]);
    expect(reply).toMatch(/"toxics":\[\]}$/);
  });

  it("bytes that are not HTTP, endless headers, and methods of other servers", async () => {
    await using proxy = await start();
    expect(await exchange(proxy.url, "\x16\x03\x01 hello\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect(await exchange(proxy.url, `GET / HTTP/1.1\r\nx: ${"y".repeat(100_000)}`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
    for (const method of ["HEAD", "OPTIONS", "TRACE", "PROPFIND"]) {
      const reply = await exchange(proxy.url, head(method, "/proxies", { connection: "close" }));
      expect(reply).toMatch(/^HTTP\/1.1 405 [\s\S]*allow: GET, POST\r\n/);
    }
    expect(await exchange(proxy.url, head("CONNECT", "example.org:80"))).toBe("");
    expect(await exchange(proxy.url, head("constructor", "/proxies"))).toMatch(/^HTTP\/1.1 400 /);
    expect(await statusOf(proxy)).toBe(200);
  });

  it("more links than there may be: none of the list is made, and those that fit can be", async () => {
    await using proxy = await start();
    const input = (index: number) => ({ name: `l${index}`, upstream: UPSTREAM, enabled: false });
    const inputs = Array.from({ length: LIMITS.links + 1 }, (_, index) => input(index));
    const populated = await fetch(`${proxy.url}/populate`, { method: "POST", body: JSON.stringify(inputs) });
    expect(populated.status).toBe(429);
    expect(await populated.text()).toContain(`too many proxies: at most ${LIMITS.links}`);
    expect(await (await fetch(`${proxy.url}/proxies`)).json()).toEqual({});
    const fitting = JSON.stringify(inputs.slice(0, LIMITS.links));
    expect((await fetch(`${proxy.url}/populate`, { method: "POST", body: fitting })).status).toBe(201);
    const one = { method: "POST", body: JSON.stringify(input(LIMITS.links)) };
    expect((await fetch(`${proxy.url}/proxies`, one)).status).toBe(429);
    expect((await fetch(`${proxy.url}/proxies/l0`, { method: "DELETE" })).status).toBe(204);
    expect((await fetch(`${proxy.url}/proxies`, one)).status).toBe(201);
  });

  it("the maximum number of toxics on a link, beside 1,000 other links", async () => {
    await using proxy = await start();
    const toxics = Array.from({ length: LIMITS.toxicsPerLink }, (_, index) => ({
      type: "latency",
      name: `t${index}`,
    }));
    const links = Array.from({ length: 1_000 }, (_, index) => ({ name: `l${index}`, upstream: UPSTREAM }));
    const inputs = [{ name: "a", upstream: UPSTREAM, toxics }, ...links];
    const populated = await fetch(`${proxy.url}/populate`, { method: "POST", body: JSON.stringify(inputs) });
    expect(populated.status).toBe(201);
    const listed = (await (await fetch(`${proxy.url}/proxies`)).json()) as Record<
      string,
      { toxics: object[] }
    >;
    expect(Object.keys(listed)).toHaveLength(1_001);
    expect(listed.a?.toxics).toHaveLength(LIMITS.toxicsPerLink);
    const refused = await exchange(proxy.url, post("/proxies/a/toxics", '{"type":"latency"}'));
    expect(refused).toMatch(/^HTTP\/1.1 429 [\s\S]*at most 100 on a proxy/);
    expect((await fetch(`${proxy.url}/reset`, { method: "POST" })).status).toBe(204);
    expect(await (await fetch(`${proxy.url}/proxies/a/toxics`)).json()).toEqual([]);
  });

  it("a pattern that would take a backtracking engine for ever", async () => {
    await using proxy = await start();
    const toxics = [{ name: "slow", type: "http_answer", attributes: { path: "^/(a+)+$" } }];
    const link = { name: "a", listen: "127.0.0.1:0", upstream: UPSTREAM, toxics };
    const made = await fetch(`${proxy.url}/proxies`, { method: "POST", body: JSON.stringify(link) });
    const { listen } = (await made.json()) as { readonly listen: string };
    const request = `GET /${"a".repeat(60)}! HTTP/1.1\r\nhost: a\r\n\r\n`;
    await exchange(`http://${listen}`, request);
    expect(await statusOf(proxy)).toBe(200);
  });

  it.each([
    ["its origin", { origin: "http://evil.example" }],
    ["a name that was rebound to loopback", { host: "evil.example:8474" }],
    ["its site", { "sec-fetch-site": "cross-site" }],
  ])("a web page, known by %s", async (_, headers) => {
    await using proxy = await start();
    const request = head("GET", "/proxies", { ...headers, connection: "close" });
    expect(await exchange(proxy.url, request)).toMatch(/^HTTP\/1.1 403 Forbidden/);
  });
});

/** A control API with short deadlines and one path with the given handler. */
async function withHandler(handler: Handler): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createControlServer(new LinkCollection({ seed: 1 }), {
    deadlines: { headersMs: 500, bodyMs: 100, handlerMs: 100 },
    routes: new Map([
      ["/test", { POST: handler, GET: handler }],
      ["/quick", { GET: () => ({ status: 204 }) }],
    ]),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe("every call to the control API ends:", () => {
  it("with 503 when its handler does not end, and the connection serves the next call", async () => {
    const { url, server } = await withHandler(() => new Promise(() => undefined));
    const both = head("GET", "/test") + head("GET", "/quick", { connection: "close" });
    const reply = await exchange(url, both);
    expect(reply).toMatch(
      /^HTTP\/1.1 503 [\s\S]*not finished within 100 ms; it continues[\s\S]*HTTP\/1.1 204 /,
    );
    server.close();
  });

  it("with 500 when its handler throws", async () => {
    const { url, server } = await withHandler(() => {
      throw new Error("a defect");
    });
    const reply = await fetch(`${url}/test`);
    expect([reply.status, await reply.json()]).toEqual([500, { error: "a defect", status: 500 }]);
    server.close();
  });

  it("with 408 when its body never ends", async () => {
    const { url, server } = await withHandler(() => ({ status: 204 }));
    const reply = await exchange(url, head("POST", "/test", { "content-length": 10 }), "{");
    expect(reply).toMatch(/^HTTP\/1.1 408 [\s\S]*bad request body: not complete within 100 ms/);
    server.close();
  });

  it("with 408 when its headers never end, while others are served", async () => {
    const { url, server } = await withHandler(() => ({ status: 204 }));
    const slow = Array.from({ length: 200 }, () => exchange(url, "GET /test HTTP/1.1\r\nx: "));
    expect((await fetch(`${url}/quick`)).status).toBe(204);
    for (const reply of await Promise.all(slow)) expect(reply).toMatch(/^HTTP\/1.1 408 /);
    server.close();
  });
});
