import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type StartedFaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { until } from "../test-rig.ts";

const UPSTREAM = "127.0.0.1:9";
const HOUR_MS = 3_600_000;

interface LeaseReply {
  readonly id: string;
  readonly expiresAtMs: number;
}

let proxy: StartedFaultProxy;

beforeEach(async () => {
  proxy = await startFaultProxy({ port: 0, seed: 1 });
  await call("POST", "/proxies", { name: "a", upstream: UPSTREAM });
});
afterEach(() => proxy.stop());

async function call(
  method: string,
  path: string,
  body?: unknown,
  lease?: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${proxy.url}${path}`, {
    method,
    headers: lease === undefined ? {} : { "Kanit-Lease": lease },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

async function open(ttlMs = HOUR_MS): Promise<LeaseReply> {
  const { status, body } = await call("POST", "/leases", { owner: "a test", ttlMs });
  expect(status).toBe(201);
  return body as LeaseReply;
}

const error = (status: number, message: string) => ({ status, body: { status, error: message } });

describe("the lease API", () => {
  it("is listed among the capabilities of this engine", async () => {
    const { body } = await call("GET", "/kanit/capabilities");
    expect((body as { capabilities: string[] }).capabilities).toContain("leases");
  });

  it("opens, reads, lists, renews and releases a lease", async () => {
    const lease = await open();
    const known = { id: lease.id, owner: "a test", ttlMs: HOUR_MS };
    const { expiresAtMs } = lease;
    expect(lease).toEqual({ ...known, expiresAtMs });
    expect(Math.abs(expiresAtMs - Date.now() - HOUR_MS)).toBeLessThan(60_000);
    const path = `/leases/${lease.id}`;
    const fresh = { ...known, expiresAtMs: expect.any(Number) };
    expect(await call("GET", "/leases")).toEqual({ status: 200, body: [{ ...fresh, state: "held" }] });
    expect(await call("GET", path)).toEqual({ status: 200, body: { ...fresh, state: "held", holds: [] } });
    expect(await call("POST", `${path}/renew`)).toEqual({ status: 200, body: fresh });
    expect(await call("DELETE", path)).toEqual({ status: 204, body: null });
    const over = error(410, `lease ${lease.id} of a test was released`);
    expect(await call("GET", path)).toEqual(over);
    expect(await call("POST", `${path}/renew`)).toEqual(over);
    expect(await call("DELETE", path)).toEqual(over);
    expect(await call("GET", "/leases")).toEqual({ status: 200, body: [] });
  });

  it("makes each kind of change under the lease that the header names, lists it, and undoes it", async () => {
    const before = await call("GET", "/proxies");
    const { id } = await open();
    const toxics = "/proxies/a/toxics";
    await call("POST", toxics, { type: "latency" }, id);
    await call("PATCH", `${toxics}/latency_downstream`, { attributes: { latency: 5 } }, id);
    await call("PATCH", "/proxies/a", { enabled: false }, id);
    await call("POST", "/proxies", { name: "b", upstream: UPSTREAM }, id);
    const { body } = await call("GET", `/leases/${id}`);
    expect(body).toMatchObject({
      holds: [
        { kind: "toxic", proxy: "a", toxic: "latency_downstream" },
        { kind: "proxy-change", proxy: "a", change: { enabled: false }, without: { enabled: true } },
        { kind: "proxy", proxy: "b" },
      ],
    });
    await call("DELETE", `/leases/${id}`);
    expect(await call("GET", "/proxies")).toEqual(before);
  });

  it("undoes it by itself when the lease is not renewed", async () => {
    const before = await call("GET", "/proxies");
    const { id } = await open(100);
    await call("PATCH", "/proxies/a", { enabled: false }, id);
    await until(async () => (await call("GET", "/leases")).body?.toString() === "");
    expect(await call("GET", "/proxies")).toEqual(before);
    expect(await call("GET", `/leases/${id}`)).toEqual(
      error(410, `lease ${id} of a test expired, not renewed within 100 ms`),
    );
  });

  it("does not make a change under a lease that has ended or never existed", async () => {
    const { id } = await open();
    await call("DELETE", `/leases/${id}`);
    for (const [lease, status] of [
      [id, 410],
      ["no-such-lease", 404],
      ["", 404],
    ] as const) {
      const statuses = [
        await call("POST", "/proxies", { name: "b", upstream: UPSTREAM }, lease),
        await call("PATCH", "/proxies/a", { enabled: false }, lease),
        await call("POST", "/proxies/a/toxics", { type: "latency" }, lease),
        await call("DELETE", "/proxies/a", undefined, lease),
      ].map((reply) => reply.status);
      expect(statuses).toEqual([status, status, status, status]);
    }
    const listed = await call("GET", "/proxies");
    expect(listed.body).toMatchObject({ a: { enabled: true, toxics: [] } });
    expect(Object.keys(listed.body as object)).toEqual(["a"]);
  });

  it("refuses under a lease what no lease can undo", async () => {
    const { id } = await open();
    const reset = await call("POST", "/reset", undefined, id);
    expect(reset).toEqual(error(400, "POST /reset cannot be undone: omit Kanit-Lease"));
    expect((await call("POST", "/populate", [], id)).status).toBe(400);
    expect(await call("DELETE", "/proxies/a", undefined, id)).toMatchObject({ status: 409 });
  });

  it("describes errors in a request for a lease", async () => {
    const wrong: readonly [unknown, string][] = [
      [{ ttlMs: 1_000 }, "missing required field: owner"],
      [{ owner: "a" }, "missing required field: ttlMs"],
      [{ owner: "a", ttlMs: 99 }, "got 99"],
      [{ owner: "a", ttlMs: 86_400_001 }, "expected 100 to 86400000 (24 hours) in milliseconds"],
      [{ owner: "a", ttlMs: 1_000.5 }, "expected a whole number"],
      [{ owner: "x".repeat(201), ttlMs: 1_000 }, "at most 200 characters"],
      [{ owner: "a", ttl: 1_000 }, 'unknown field "ttl" in the lease, expected one of owner, ttlMs'],
    ];
    for (const [request, message] of wrong) {
      const { status, body } = await call("POST", "/leases", request);
      expect(body).toMatchObject({ error: expect.stringContaining(message) });
      expect(status).toBe(400);
    }
  });

  it("accepts 1,000 leases, and refuses the next", async () => {
    for (let count = 0; count < 1_000; count++) await open();
    expect(await call("POST", "/leases", { owner: "a", ttlMs: 100 })).toEqual(
      error(429, "too many leases: at most 1000 at a time"),
    );
  });
});
