import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { LinkTraffic } from "../client/fault-proxy-state.ts";
import { injectFault } from "./inject-fault.ts";
import { completeFault } from "./parse-fault.ts";
import { touchedBetween } from "./witnessed-bite.ts";

const QUIET = { open: {}, endedBytes: 0 };
const traffic = (
  downstream: LinkTraffic["downstream"],
  upstream: LinkTraffic["upstream"] = QUIET,
): LinkTraffic => ({
  upstream,
  downstream,
});

describe("the traffic between two readings", () => {
  it("is the growth of open connections, with the number of those that grew", () => {
    const before = traffic({ open: { a: 100, b: 50 }, endedBytes: 7 });
    const now = traffic({ open: { a: 130, b: 50, c: 5 }, endedBytes: 7 });
    expect(touchedBetween(before, now, "downstream")).toMatchObject({ connections: 2, bytes: 35 });
  });

  it("counts the bytes of a connection once, and not again when it ends", () => {
    const before = traffic({ open: { a: 100 }, endedBytes: 0 });
    const now = traffic({ open: {}, endedBytes: 110 });
    expect(touchedBetween(before, now, "downstream")).toMatchObject({ connections: 0, bytes: 10 });
  });

  it("is nothing when only the other direction was used", () => {
    const before = traffic({ open: { a: 1 }, endedBytes: 0 }, { open: { x: 1 }, endedBytes: 0 });
    const now = traffic({ open: { a: 1 }, endedBytes: 0 }, { open: { x: 900 }, endedBytes: 0 });
    expect(touchedBetween(before, now, "downstream")).toMatchObject({ connections: 0, bytes: 0 });
  });
});

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(null));
});

/**
 * A fake Toxiproxy with the parts that a fault needs, and its witness; `looks` are the witness's answers, of
 * which the last one repeats.
 */
async function startToxiproxy(looks: readonly (LinkTraffic | 500)[]): Promise<{
  readonly proxy: FaultProxyClient;
  readonly calls: readonly string[];
}> {
  const calls: string[] = [];
  let look = 0;
  server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    if (!/version|kanit/.test(call)) calls.push(call);
    request.resume();
    const say = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (request.url === "/version") say(200, { version: "2.12.0" });
    else if (request.url?.startsWith("/traffic/")) {
      const answer = looks[Math.min(look++, looks.length - 1)];
      say(answer === 500 ? 500 : 200, answer === 500 ? { error: "busy" } : answer);
    } else if (request.url?.endsWith("/toxics")) {
      say(200, { name: "t", type: "latency", stream: "downstream", toxicity: 1, attributes: {} });
    } else if (request.url === "/proxies/postgres") {
      say(200, { name: "postgres", listen: "[::]:1", upstream: "a:1", enabled: true, toxics: [] });
    } else if (request.method === "DELETE") response.writeHead(204).end();
    else say(404, { error: "not found" });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { proxy: await FaultProxyClient.connect(url, { witnessUrl: url }), calls };
}

const context = (proxy: FaultProxyClient) => ({
  proxy,
  databaseUrlOf: () => "",
  venueControlUrl: "",
  processes: null,
  clients: null,
  ownFaults: [],
});
const slow = { kind: "latency", link: "postgres", latencyMs: 50 };
const down = { kind: "down", link: "postgres" };
const SLOW = completeFault(slow);

describe("a fault in an engine that counts nothing", () => {
  it("has affected the traffic that the witness counted from its injection to its removal", async () => {
    const looks = [traffic({ open: { a: 10 }, endedBytes: 0 }), traffic({ open: { a: 60 }, endedBytes: 0 })];
    const { proxy, calls } = await startToxiproxy(looks);
    const fault = await injectFault(SLOW, context(proxy));
    await fault.heal();
    expect(await fault.bite()).toEqual({ kind: "counted", connections: 1, bytes: 50, messages: null });
    expect(calls).toEqual([
      "GET /traffic/postgres",
      "POST /proxies/postgres/toxics",
      "GET /traffic/postgres",
      "DELETE /proxies/postgres/toxics/t",
    ]);
  });

  it("affected nothing when there was no traffic", async () => {
    const { proxy } = await startToxiproxy([traffic({ open: { a: 10 }, endedBytes: 3 })]);
    const fault = await injectFault(SLOW, context(proxy));
    await fault.heal();
    expect(await fault.bite()).toMatchObject({ connections: 0, bytes: 0 });
  });

  it("heals although the witness fails, and is then unknown", async () => {
    const { proxy, calls } = await startToxiproxy([traffic(QUIET), 500]);
    const fault = await injectFault(SLOW, context(proxy));
    await fault.heal();
    expect(await fault.bite()).toMatchObject({ kind: "unknown", why: expect.stringContaining("busy") });
    expect(calls.at(-1)).toBe("DELETE /proxies/postgres/toxics/t");
  });

  it("is unknown when it affects a share of the connections, since it is not known which", async () => {
    const { proxy } = await startToxiproxy([traffic({ open: { a: 10 }, endedBytes: 0 })]);
    const fault = await injectFault({ ...SLOW, toxicity: 0.5 } as typeof SLOW, context(proxy));
    expect(await fault.bite()).toMatchObject({ kind: "unknown" });
  });

  it("has closed the connections that are gone once the link is down", async () => {
    const looks = [
      traffic(QUIET, { open: { a: 1, b: 2 }, endedBytes: 0 }),
      traffic(QUIET, { open: { b: 2 }, endedBytes: 1 }),
    ];
    const { proxy } = await startToxiproxy(looks);
    const fault = await injectFault(completeFault(down), context(proxy));
    expect(await fault.bite()).toEqual({ kind: "counted", connections: 1, bytes: 0, messages: null });
  });
});
