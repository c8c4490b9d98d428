import { describe, expect, it } from "vitest";
import { startFaultProxy } from "./fault-proxy.ts";

const UPSTREAM = "127.0.0.1:9";
const HERE = { name: "link", listen: "127.0.0.1:0", upstream: UPSTREAM };

async function call(url: string, method: string, path: string, body: object) {
  const response = await fetch(url + path, { method, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as { readonly error?: string } };
}

describe("a fault proxy that stays on this machine", () => {
  const start = (...allowedHosts: readonly string[]) =>
    startFaultProxy({ port: 0, seed: 1, fence: { kind: "loopback", allowedHosts } });

  it.each([
    ["upstream", "api.binance.com:443"],
    ["upstream", "10.0.0.1:5432"],
    ["upstream", "127.0.0.1.evil.example:1"],
    ["listen", "0.0.0.0:0"],
    ["listen", ":0"],
    ["listen", "[::]:0"],
  ])("refuses a link whose %s is %s, with every kind of request", async (field, address) => {
    await using proxy = await start();
    const input = { ...HERE, [field]: address };
    const refused = { status: 403, body: { error: expect.stringContaining(`${field} ${address}`) } };
    expect(await call(proxy.url, "POST", "/proxies", input)).toMatchObject(refused);
    expect(await call(proxy.url, "POST", "/populate", [input])).toMatchObject(refused);
    expect((await call(proxy.url, "POST", "/proxies", HERE)).status).toBe(201);
    expect(await call(proxy.url, "PATCH", "/proxies/link", { [field]: address })).toMatchObject(refused);
  });

  it("accepts loopback, and hosts that are allowed by name", async () => {
    await using proxy = await start("db.internal");
    expect((await call(proxy.url, "POST", "/proxies", HERE)).status).toBe(201);
    expect((await call(proxy.url, "PATCH", "/proxies/link", { upstream: "db.internal:1" })).status).toBe(200);
    expect((await call(proxy.url, "PATCH", "/proxies/link", { upstream: "[::1]:1" })).status).toBe(200);
  });
});
