import { request } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type StartedFaultProxy, startFaultProxy } from "../fault-proxy.ts";

const UPSTREAM = "127.0.0.1:9";

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** A raw HTTP call without a client library. */
function call(
  proxy: StartedFaultProxy,
  method: string,
  path: string,
  body = "",
  agent = "test",
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { "user-agent": agent, "content-length": Buffer.byteLength(body) };
    const sent = request(`${proxy.url}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const start = () => startFaultProxy({ port: 0, seed: 1 });
/** An error as Toxiproxy states it; kanit's may have a detail behind it. */
const error = (status: number, message: string): Reply => ({
  status,
  text: expect.stringContaining(JSON.stringify({ error: message, status }).slice(0, -1)),
});
const create = (proxy: StartedFaultProxy, more: object = {}) =>
  call(
    proxy,
    "POST",
    "/proxies",
    JSON.stringify({ name: "a", listen: "127.0.0.1:0", upstream: UPSTREAM, ...more }),
  );

describe("the control API answers as Toxiproxy 2.12 does", () => {
  it("for proxies: created, read, listed, changed, removed", async () => {
    await using proxy = await start();
    const created = await create(proxy);
    const body = JSON.parse(created.text) as { listen: string };
    expect(created.status).toBe(201);
    expect(body).toEqual({ name: "a", listen: body.listen, upstream: UPSTREAM, enabled: true, toxics: [] });
    expect(body.listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(JSON.parse((await call(proxy, "GET", "/proxies/a")).text)).toEqual(body);
    expect(JSON.parse((await call(proxy, "GET", "/proxies")).text)).toEqual({ a: body });
    for (const method of ["POST", "PATCH"]) {
      const changed = await call(proxy, method, "/proxies/a", `{"enabled":false}`);
      expect(changed.status).toBe(200);
      expect(JSON.parse(changed.text)).toEqual({ ...body, enabled: false });
    }
    expect(await call(proxy, "DELETE", "/proxies/a")).toEqual({ status: 204, text: "" });
    expect(await call(proxy, "GET", "/proxies/a")).toEqual(error(404, "proxy not found"));
  });

  it("for toxics: defaults, names, lists, partial updates by POST and PATCH", async () => {
    await using proxy = await start();
    await create(proxy);
    const added = await call(proxy, "POST", "/proxies/a/toxics", `{"type":"latency"}`);
    expect(added).toEqual({
      status: 200,
      text: `{"attributes":{"latency":0,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}`,
    });
    await call(
      proxy,
      "POST",
      "/proxies/a/toxics",
      `{"type":"slicer","name":"s","stream":"UPSTREAM","toxicity":0.5}`,
    );
    const names = JSON.parse((await call(proxy, "GET", "/proxies/a/toxics")).text) as { name: string }[];
    expect(names.map(({ name }) => name)).toEqual(["s", "latency_downstream"]);
    const path = "/proxies/a/toxics/latency_downstream";
    await call(proxy, "PATCH", path, `{"attributes":{"latency":5,"jitter":2}}`);
    const updated = await call(proxy, "POST", path, `{"attributes":{"jitter":3},"toxicity":0.25}`);
    expect(JSON.parse(updated.text)).toMatchObject({ attributes: { latency: 5, jitter: 3 }, toxicity: 0.25 });
    expect(await call(proxy, "DELETE", path)).toEqual({ status: 204, text: "" });
    expect(await call(proxy, "GET", path)).toEqual(error(404, "toxic not found"));
  });

  it("with its titles and status codes for refused requests", async () => {
    await using proxy = await start();
    await create(proxy);
    expect(await create(proxy)).toEqual(error(409, "proxy already exists"));
    expect(await call(proxy, "POST", "/proxies", "{}")).toEqual(error(400, "missing required field: name"));
    expect(await call(proxy, "POST", "/proxies", `{"name":"b"}`)).toEqual(
      error(400, "missing required field: upstream"),
    );
    expect(await call(proxy, "POST", "/proxies", "")).toEqual(error(400, "bad request body: EOF"));
    const toxics = "/proxies/a/toxics";
    expect(await call(proxy, "POST", toxics, `{"type":"x"}`)).toEqual(error(400, "invalid toxic type"));
    expect(await call(proxy, "POST", toxics, `{"type":"latency","stream":"x"}`)).toEqual(
      error(400, "stream was invalid, can be either upstream or downstream"),
    );
    await call(proxy, "POST", toxics, `{"type":"latency"}`);
    expect(await call(proxy, "POST", toxics, `{"type":"latency"}`)).toEqual(
      error(409, "toxic already exists"),
    );
    expect(await call(proxy, "DELETE", `${toxics}/x`)).toEqual(error(404, "toxic not found"));
    expect(await call(proxy, "PATCH", "/proxies/x", "{")).toEqual(error(404, "proxy not found"));
    const taken = new URL(proxy.url).host;
    expect(await create(proxy, { name: "b", listen: taken })).toEqual(
      error(500, `listen tcp ${taken}: bind: address already in use`),
    );
    expect(await create(proxy, { name: "b", listen: "nowhere" })).toEqual(
      error(500, "listen tcp: address nowhere: missing port in address"),
    );
  });

  it("for paths and methods that it does not have, and for browsers", async () => {
    await using proxy = await start();
    expect(await call(proxy, "GET", "/nope")).toEqual({ status: 404, text: "404 page not found\n" });
    expect(await call(proxy, "GET", "/proxies/")).toEqual({ status: 404, text: "404 page not found\n" });
    expect(await call(proxy, "PUT", "/proxies")).toEqual({ status: 405, text: "" });
    expect(await call(proxy, "GET", "/version", "", "Mozilla/5.0 (X11)")).toEqual({
      status: 403,
      text: "User agent not allowed\n",
    });
    expect(await call(proxy, "GET", "/version")).toEqual({ status: 200, text: `{"version": "2.12.0"}\n` });
  });

  it("to reset: every proxy enabled, no toxic, no bites", async () => {
    await using proxy = await start();
    const { listen } = JSON.parse((await create(proxy)).text) as { listen: string };
    await call(proxy, "POST", "/proxies/a/toxics", `{"type":"latency"}`);
    await call(proxy, "PATCH", "/proxies/a", `{"enabled":false}`);
    expect(await call(proxy, "POST", "/reset")).toEqual({ status: 204, text: "" });
    expect(JSON.parse((await call(proxy, "GET", "/proxies/a")).text)).toMatchObject({
      listen,
      enabled: true,
      toxics: [],
    });
    expect(await call(proxy, "GET", "/kanit/bites")).toEqual({ status: 200, text: "[]" });
  });
});

describe("the control API improves on Toxiproxy", () => {
  it("populate sets the requested state: no stale toxic, enabled again, toxics created", async () => {
    await using proxy = await start();
    const { listen } = JSON.parse((await create(proxy)).text) as { listen: string };
    await call(proxy, "POST", "/proxies/a/toxics", `{"type":"latency"}`);
    await call(proxy, "PATCH", "/proxies/a", `{"enabled":false}`);
    const input = { name: "a", listen: "127.0.0.1:0", upstream: UPSTREAM };
    const again = await call(proxy, "POST", "/populate", JSON.stringify([input]));
    expect(again.status).toBe(201);
    expect(JSON.parse(again.text)).toEqual({
      proxies: [{ ...input, listen, enabled: true, toxics: [] }],
    });
    const withToxic = JSON.stringify([{ ...input, toxics: [{ type: "timeout" }] }]);
    expect((await call(proxy, "POST", "/populate", withToxic)).text).toContain('"timeout_downstream"');
  });

  it("populate changes nothing when one of its proxies is not valid", async () => {
    await using proxy = await start();
    const body = JSON.stringify([{ name: "a", listen: "127.0.0.1:0", upstream: UPSTREAM }, { name: "b" }]);
    const reply = await call(proxy, "POST", "/populate", body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toEqual({
      error: "missing required field: upstream at proxy 2",
      status: 400,
      proxies: [],
    });
    expect((await call(proxy, "GET", "/proxies")).text).toBe("{}");
  });

  it("refuses a body beyond 1 MiB and serves the next request", async () => {
    await using proxy = await start();
    const outcome = await call(proxy, "POST", "/populate", " ".repeat(3_000_000)).then(
      ({ status }) => status,
      // The proxy may close the connection while the rest is still being sent.
      (cause: NodeJS.ErrnoException) => cause.code,
    );
    expect([413, "EPIPE", "ECONNRESET"]).toContain(outcome);
    expect((await call(proxy, "GET", "/version")).status).toBe(200);
  });

  it("survives any JSON at any of its paths, with an answer below 500", async () => {
    await using proxy = await start();
    await create(proxy);
    const paths = ["/proxies", "/proxies/a", "/proxies/a/toxics", "/proxies/a/toxics/x", "/populate"];
    const nearMiss = fc.record(
      {
        name: fc.jsonValue(),
        upstream: fc.jsonValue(),
        type: fc.constant("latency"),
        attributes: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), nearMiss), async (path, value) => {
        expect((await call(proxy, "POST", path, JSON.stringify(value))).status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });

  it("answers malformed JSON and paths with 400", async () => {
    await using proxy = await start();
    expect((await call(proxy, "POST", "/proxies", "{")).status).toBe(400);
    expect((await call(proxy, "GET", "/proxies/%zz")).status).toBe(400);
  });
});
