import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { FaultContext } from "./fault-kind.ts";
import { venueMisbehavior } from "./venue-misbehavior.ts";

const fault = {
  kind: "venue-misbehavior",
  link: "binance-ws",
  venue: "binance",
  misbehavior: "gap",
  every: 3,
} as const;

/** A control API with one misbehavior, which records the requests. */
async function controlApi() {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(`${request.method} ${request.url} ${body}`.trim());
    const known = request.url?.endsWith("/gap") === true;
    response.writeHead(known ? 200 : 404).end(JSON.stringify(known ? { bites: 5 } : { error: "unknown" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // The proxy and the pooler are not used.
  const context = { venueControlUrl: `http://127.0.0.1:${port}` } as FaultContext;
  return { asked, context, [Symbol.dispose]: () => void server.close() };
}

describe("a venue's misbehavior", () => {
  it("is enabled with its frequency, and disabled when it heals", async () => {
    using control = await controlApi();
    const injection = await venueMisbehavior.inject(fault, control.context);
    await injection.heal();
    expect(control.asked).toEqual([
      'PUT /venues/binance/misbehaviors/gap {"every":3}',
      "DELETE /venues/binance/misbehaviors/gap",
    ]);
    expect(injection.label).toBe("gap at binance, every 3 occasions");
  });

  it("reports how often it took effect", async () => {
    using control = await controlApi();
    const injection = await venueMisbehavior.inject(fault, control.context);
    expect(await injection.bite()).toEqual({ kind: "counted", connections: 5, bytes: 0, messages: null });
  });

  it("is refused when the venue does not have it", async () => {
    using control = await controlApi();
    const unknown = { ...fault, misbehavior: "silent-stream" } as const;
    await expect(venueMisbehavior.inject(unknown, control.context)).rejects.toMatchObject({
      code: "venue-misbehavior-refused",
      message: expect.stringContaining("404"),
    });
  });

  it("is refused when there is no venue", async () => {
    const context = { venueControlUrl: "http://127.0.0.1:9" } as FaultContext;
    await expect(venueMisbehavior.inject(fault, context)).rejects.toMatchObject({ exitCode: 69 });
  });
});
