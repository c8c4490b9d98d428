import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { type StartedFaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { Peer, Rig } from "../test-rig.ts";

const UPSTREAM = "127.0.0.1:9";

const start = (strict = false) => startFaultProxy({ port: 0, seed: 1, strict });

async function send(
  proxy: StartedFaultProxy,
  method: string,
  path: string,
  body: object | null = null,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${proxy.url}${path}`, {
    method,
    headers: { "user-agent": "test", "content-type": "application/json", ...headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    warning: response.headers.get("warning"),
    requestId: response.headers.get("x-toxiproxy-request-id"),
    body: text === "" ? null : (JSON.parse(text) as Record<string, unknown>),
  };
}

const LINK = { name: "a", listen: "127.0.0.1:0", upstream: UPSTREAM };

describe("the control API takes what clients of other languages send", () => {
  it("field names in any case, as Toxiproxy.Net writes them", async () => {
    await using proxy = await start();
    const link = { Name: "net", Listen: "127.0.0.1:0", Upstream: UPSTREAM, Enabled: true };
    expect(await send(proxy, "POST", "/proxies", link)).toMatchObject({ status: 201, warning: null });
    const toxic = {
      Name: "slow",
      Stream: "DownStream",
      Toxicity: 1,
      Type: "latency",
      Attributes: { Latency: 7, Jitter: 1 },
    };
    expect(await send(proxy, "POST", "/proxies/net/toxics", toxic)).toMatchObject({
      status: 200,
      warning: null,
      body: { name: "slow", stream: "downstream", attributes: { latency: 7, jitter: 1 } },
    });
  });

  it("fields of Toxiproxy 1, which dlion's client sends, with a warning that names them", async () => {
    await using proxy = await start();
    const link = { ...LINK, enabled: true, upstream_toxics: {}, downstream_toxics: {} };
    const made = await send(proxy, "POST", "/proxies", link);
    expect(made.status).toBe(201);
    expect(made.warning).toMatch(/^299 kanit "unknown field 'upstream_toxics' .*'downstream_toxics'/);
  });

  it("a number for an attribute that is a text, as toxiproxy-cli sends it", async () => {
    await using proxy = await start();
    await send(proxy, "POST", "/proxies", LINK);
    const toxic = { type: "pg_error_reply", attributes: { pattern: 123 } };
    const made = await send(proxy, "POST", "/proxies/a/toxics", toxic);
    expect(made).toMatchObject({ status: 200, body: { attributes: { pattern: "123" } } });
    expect(made.warning).toContain("expected a string, got the number 123");
  });

  it("and names a misspelled field in a warning, or refuses it for a client that asks to be strict", async () => {
    await using proxy = await start();
    await send(proxy, "POST", "/proxies", LINK);
    const toxic = { type: "latency", attributes: { latncy: 300 } };
    const why = "attributes of latency, expected one of latency, jitter";
    const lenient = await send(proxy, "POST", "/proxies/a/toxics", toxic);
    expect(lenient).toMatchObject({ status: 200, warning: `299 kanit "unknown field 'latncy' in ${why}"` });
    const strict = await send(proxy, "POST", "/proxies/a/toxics", toxic, { "kanit-strict": "true" });
    expect(strict).toMatchObject({
      status: 400,
      body: { error: `bad request body: unknown field "latncy" in ${why}` },
    });
  });

  it("but refuses the misspelled field for every client when it was started strictly", async () => {
    await using proxy = await start(true);
    expect(await send(proxy, "POST", "/proxies", { ...LINK, upstraem: "x" })).toMatchObject({ status: 400 });
  });

  it("repeats a bounded number of notes in printable ASCII", async () => {
    await using proxy = await start();
    const odd = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`ş\r\n"${index}`, 1]));
    const { status, warning } = await send(proxy, "POST", "/proxies", { ...LINK, ...odd });
    expect(status).toBe(201);
    expect(warning).toMatch(/^299 kanit "[\x20-\x7e]{1,4000}"$/);
    expect(warning).toContain("and 490 more");
  });

  it("with an id of the request in every answer", async () => {
    await using proxy = await start();
    const answers = [
      await send(proxy, "GET", "/version"),
      await send(proxy, "GET", "/proxies/none"),
      await send(proxy, "POST", "/reset"),
    ];
    expect(new Set(answers.map(({ requestId }) => requestId)).size).toBe(3);
  });

  it("and says in an error's detail what was asked for, and what there is", async () => {
    await using proxy = await start();
    await send(proxy, "POST", "/proxies", LINK);
    expect((await send(proxy, "GET", "/proxies/b")).body).toEqual({
      error: "proxy not found",
      status: 404,
      detail: '"b"; the proxies: "a"',
    });
    expect((await send(proxy, "GET", "/proxies/a/toxics/x")).body).toMatchObject({
      detail: '"x"; there are no toxics of this proxy',
    });
    expect((await send(proxy, "POST", "/proxies/a/toxics", { type: "latencyy" })).body).toMatchObject({
      error: "invalid toxic type",
      detail: expect.stringMatching(/^got "latencyy", expected one of .*latency/),
    });
  });
});

describe("a link listens where Go's server would", () => {
  it("for 0.0.0.0 on every interface of both families", async () => {
    await using rig = await Rig.start();
    const { body } = await send(rig.proxy, "POST", "/proxies", {
      ...LINK,
      listen: "0.0.0.0:0",
      upstream: rig.origin.address,
    });
    const port = Number(String(body?.listen).split(":").at(-1));
    for (const host of (await hasIpv6()) ? ["127.0.0.1", "::1"] : ["127.0.0.1"]) {
      const client = new Peer(connect({ host, port }));
      await once(client.socket, "connect");
      client.socket.destroy();
    }
  });

  it("on a new port when it is changed to port 0", async () => {
    await using proxy = await start();
    const before = (await send(proxy, "POST", "/proxies", LINK)).body?.listen;
    const after = (await send(proxy, "PATCH", "/proxies/a", { listen: "127.0.0.1:0" })).body?.listen;
    expect(after).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(after).not.toBe(before);
  });
});

/** Whether this machine has IPv6's loopback. */
async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(0, "::1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
