import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withControlToken } from "../../../core/index.ts";
import { FaultProxyClient } from "../../client/fault-proxy-client.ts";
import { type StartedFaultProxy, startFaultProxy } from "../fault-proxy.ts";

const TOKEN = "token-of-this-test-0000";
const LINK = JSON.stringify({ name: "a", listen: "127.0.0.1:0", upstream: "127.0.0.1:9" });

let proxy: StartedFaultProxy;
beforeAll(async () => {
  proxy = await startFaultProxy({ port: 0, seed: 1, controlToken: TOKEN });
});
afterAll(() => proxy.stop());

/** What everybody can ask of the API, as method, path and body. */
const CALLS: readonly (readonly [string, string, string?])[] = [
  ["GET", "/proxies"],
  ["POST", "/proxies", LINK],
  ["POST", "/populate", `[${LINK}]`],
  ["POST", "/reset"],
  ["POST", "/leases", '{"ttlMs":1000,"owner":"somebody"}'],
  ["GET", "/leases"],
  ["POST", "/kanit/restart", '{"seed":1}'],
  ["GET", "/kanit/bites"],
  ["GET", "/kanit/decisions"],
  ["DELETE", "/proxies/a"],
  ["GET", "/nowhere"],
];

async function ask([method, path, body]: (typeof CALLS)[number], authorization?: string) {
  const headers = {
    "content-type": "application/json",
    ...(authorization === undefined ? {} : { authorization }),
  };
  return fetch(`${proxy.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

describe("a fault proxy that was given a token", () => {
  it.each(CALLS.map((call) => ({ call, name: call.slice(0, 2).join(" ") })))(
    "refuses $name without it, in one line that says how to show it",
    async ({ call }) => {
      for (const authorization of [undefined, "Bearer guessed"]) {
        const answer = await ask(call, authorization);
        const text = await answer.text();
        expect(answer.status).toBe(401);
        expect(answer.headers.get("www-authenticate")).toBe("Bearer");
        expect(text).toMatch(/^expected the token of this control API \([^\n]+\), got [^\n]+\n$/);
        expect(text).not.toContain(TOKEN);
      }
    },
  );

  it("has changed nothing then", async () => {
    const client = await FaultProxyClient.connect(withControlToken(proxy.url, TOKEN));
    expect([...(await client.links()).keys()]).toEqual([]);
    expect(await client.leases()).toEqual([]);
  });

  it.each(["/version", "/metrics"])("shows %s to health checks and Prometheus all the same", async (path) => {
    expect((await ask(["GET", path])).status).toBe(200);
  });

  it("takes the token from a client that knows only addresses, leases included", async () => {
    const client = await FaultProxyClient.connect(withControlToken(proxy.url, TOKEN));
    await client.populate([{ name: "b", listen: "127.0.0.1:0", upstream: "127.0.0.1:9" }]);
    await using lease = await client.openLease("test", 1_000);
    await lease.proxy.setEnabled("b", false);
    expect((await client.link("b")).enabled).toBe(false);
  });

  it("is named without its token when it cannot be reached", async () => {
    const nobody = withControlToken("http://127.0.0.1:1", TOKEN);
    const failure = await FaultProxyClient.connect(nobody).catch((error: unknown) => String(error));
    expect(failure).toContain("http://127.0.0.1:1/version");
    expect(failure).not.toContain(TOKEN);
  });
});
