import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { injectFault } from "../faults/inject-fault.ts";
import { parseFault } from "../faults/parse-fault.ts";
import { Rig, until } from "../proxy/test-rig.ts";
import { FaultProxyClient } from "./fault-proxy-client.ts";

const OWNER = "a test";
const TTL_MS = 1_000;

/** Ends the only lease of the rig's proxy without its holder's knowledge. */
async function endLease(rig: Rig): Promise<void> {
  const [lease] = await rig.client.leases();
  await fetch(`${rig.proxy.url}/leases/${lease?.id}`, { method: "DELETE" });
}

describe("a lease of a client", () => {
  it("is renewed until it is released, which undoes what was changed through it", async () => {
    await using rig = await Rig.start();
    const before = await rig.client.link("link");
    const lease = await rig.client.openLease(OWNER, TTL_MS);
    expect([lease.leased, lease.state]).toEqual([true, { kind: "held" }]);
    await lease.proxy.setEnabled("link", false);
    const [opened] = await rig.client.leases();
    expect(opened).toMatchObject({ owner: OWNER, ttlMs: TTL_MS });
    const end = () => rig.client.leases().then(([now]) => now?.expiresAtMs ?? 0);
    await until(async () => (await end()) > (opened?.expiresAtMs ?? 0));
    expect((await rig.client.link("link")).enabled).toBe(false);
    expect(await lease.release()).toEqual({ kind: "released" });
    expect(await lease.release()).toEqual({ kind: "released" });
    expect(await rig.client.link("link")).toEqual(before);
    expect(await rig.client.leases()).toEqual([]);
  });

  it("is released when its block ends", async () => {
    await using rig = await Rig.start();
    {
      await using lease = await rig.client.openLease(OWNER, TTL_MS);
      await lease.proxy.addToxic("link", {
        type: "timeout",
        stream: "downstream",
        toxicity: 1,
        attributes: {},
      });
    }
    expect((await rig.client.link("link")).toxics).toEqual([]);
    expect(await rig.client.leases()).toEqual([]);
  });

  it("that ended without its holder's knowledge is reported as lost by the next renewal", async () => {
    await using rig = await Rig.start();
    const lease = await rig.client.openLease(OWNER, 300);
    await endLease(rig);
    await until(() => lease.state.kind === "lost");
    expect(lease.state).toMatchObject({
      kind: "lost",
      why: expect.stringMatching(/410: lease \w+ of a test/),
    });
    await expect(lease.proxy.setEnabled("link", false)).rejects.toMatchObject({ status: 410 });
    expect(await lease.release()).toEqual(lease.state);
  });

  it("that ended between its last renewal and its release is lost too", async () => {
    await using rig = await Rig.start();
    const lease = await rig.client.openLease(OWNER, 60_000);
    await endLease(rig);
    expect(lease.state).toEqual({ kind: "held" });
    expect(await lease.release()).toMatchObject({ kind: "lost" });
  });

  it("is lost when the fault proxy is gone for its time to live", async () => {
    await using rig = await Rig.start();
    const lease = await rig.client.openLease(OWNER, 300);
    await rig.proxy.stop();
    await until(() => lease.state.kind === "lost");
    expect(await lease.release()).toMatchObject({ why: expect.stringContaining("fault proxy") });
  });

  it("does not affect the later healing of its faults: they are already undone", async () => {
    await using rig = await Rig.start();
    await using lease = await rig.client.openLease(OWNER, 60_000);
    const context = {
      proxy: lease.proxy,
      databaseUrlOf: () => "",
      venueControlUrl: "",
      processes: null,
      clients: null,
      ownFaults: [],
    };
    const faults = [
      await injectFault(parseFault("link", "silence", []), context),
      await injectFault(parseFault("link", "down", []), context),
    ];
    await endLease(rig);
    await rig.add("timeout");
    for (const fault of faults) await fault.heal();
    // Another client's toxic of the same name stays.
    expect((await rig.client.link("link")).toxics).toMatchObject([{ name: "timeout_downstream" }]);
  });

  it("for a limited time is not renewed: its changes are undone while its client still runs", async () => {
    await using rig = await Rig.start();
    const before = await rig.client.link("link");
    const limited = await rig.client.forLimitedTime(OWNER, 200);
    await limited.setEnabled("link", false);
    await until(async () => (await rig.client.link("link")).enabled);
    expect(await rig.client.link("link")).toEqual(before);
    await expect(limited.setEnabled("link", false)).rejects.toMatchObject({ status: 410 });
  });

  it("does not exist when the engine has no leases, and the changes are made nevertheless", async () => {
    const calls: string[] = [];
    const server = createServer((request, response) => {
      calls.push(`${request.method} ${request.url}${request.headers["kanit-lease"] ?? ""}`);
      if (request.url === "/version") response.end(`{"version":"2.12.0"}`);
      else response.writeHead(request.method === "DELETE" ? 204 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const client = await FaultProxyClient.connect(`http://127.0.0.1:${port}`);
    const lease = await client.openLease(OWNER, TTL_MS);
    expect([lease.leased, lease.state]).toEqual([false, { kind: "unknown-to-engine" }]);
    await lease.proxy.removeToxic("link", "slow");
    expect(await lease.release()).toEqual({ kind: "unknown-to-engine" });
    expect(await client.leases()).toEqual([]);
    expect(calls).toContain("DELETE /proxies/link/toxics/slow");
    server.closeAllConnections();
    server.close();
  });
});
