import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { Rig } from "../proxy/test-rig.ts";
import { FaultProxyClient } from "./fault-proxy-client.ts";

/** An HTTP server that answers as configured, or never. */
async function serve(
  answer: (path: string) => { readonly status: number; readonly body: string } | "nothing",
) {
  const server = createServer((request, response) => {
    const reply = answer(request.url ?? "");
    if (reply !== "nothing") response.writeHead(reply.status).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
}

describe("the fault proxy's client", () => {
  it("returns the links with their real ports and toxics", async () => {
    await using rig = await Rig.start();
    await rig.add("latency", { latency: 5 });
    const link = (await rig.client.links()).get("link");
    expect(link).toEqual({
      name: "link",
      listen: rig.listen,
      upstream: rig.origin.address,
      enabled: true,
      toxics: [
        {
          name: "latency_downstream",
          type: "latency",
          stream: "downstream",
          toxicity: 1,
          attributes: { latency: 5, jitter: 0 },
        },
      ],
    });
  });

  it("returns the engine's capabilities, of which a real Toxiproxy has none", async () => {
    await using rig = await Rig.start();
    expect(await rig.client.version()).toBe("2.12.0");
    expect([...(await rig.client.capabilities())]).toEqual(expect.arrayContaining(["bites", "leases"]));
    await using toxiproxy = await serve((path) =>
      path === "/version"
        ? { status: 200, body: `{"version": "2.12.0"}\n` }
        : { status: 404, body: "404 page not found\n" },
    );
    const client = await FaultProxyClient.connect(toxiproxy.url);
    expect(await client.capabilities()).toEqual(new Set());
    await expect(client.bites()).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining("404 page not found"),
    });
  });

  it("throws an error with the server's own message", async () => {
    await using rig = await Rig.start();
    await expect(rig.client.removeToxic("link", "nope")).rejects.toMatchObject({
      name: "FaultProxyError",
      status: 404,
      code: "fault-proxy-404",
      message: "Expected the fault proxy to do DELETE /proxies/link/toxics/nope, got 404: toxic not found.",
    });
  });

  it("fails at its deadline when the server never answers", async () => {
    await using mute = await serve(() => "nothing");
    await expect(FaultProxyClient.connect(mute.url, { deadlineMs: 100 })).rejects.toMatchObject({
      name: "UnavailableError",
      code: "fault-proxy-deadline",
      message: expect.stringContaining("none within 100 ms"),
    });
  });

  it("explains when nothing listens there, or another program does", async () => {
    const gone = await serve(() => "nothing");
    await gone[Symbol.asyncDispose]();
    await expect(FaultProxyClient.connect(gone.url)).rejects.toMatchObject({
      code: "fault-proxy-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await using page = await serve(() => ({ status: 200, body: "<html>" }));
    await expect(FaultProxyClient.connect(page.url)).rejects.toMatchObject({ code: "fault-proxy-not-json" });
    await using other = await serve(() => ({ status: 200, body: "{}" }));
    await expect(FaultProxyClient.connect(other.url)).rejects.toMatchObject({ code: "fault-proxy-answer" });
  });
});
