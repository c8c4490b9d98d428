import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { saturate } from "./saturate.ts";

/**
 * A server with one worker: it answers one request after the other, each after `serviceMs`, so that its
 * capacity is 1,000 / serviceMs per second.
 */
async function startServer(serviceMs: number) {
  let freeAtMs = 0;
  const server = http.createServer((_request, response) => {
    freeAtMs = Math.max(freeAtMs, performance.now()) + serviceMs;
    setTimeout(() => response.end("done"), freeAtMs - performance.now());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const options = {
  objective: { latencyMsP95: 300, errorRatio: 0.01 },
  stepMs: 1_500,
  connections: 4,
  signal: new AbortController().signal,
};

describe("saturation", () => {
  it("encloses the rate at which a server of 100 per second falls behind", { timeout: 60_000 }, async () => {
    await using server = await startServer(10);
    const found = await saturate({
      ...options,
      target: { baseUrl: server.baseUrl, seed: 1, workload: { kind: "request", path: "/" } },
    });
    expect(found.throughput.rateRps).toBeGreaterThan(50);
    expect(found.throughput.rateRps).toBeLessThan(110);
    expect(found.verdict).toBe("pass");
    // Slightly above 100 per second the backlog of one step stays below the objective: up to 1 + 300 ms / 1.5
    // s.
    expect(found.limit?.rateRps).toBeLessThanOrEqual(135);
    expect(found.heldRps).toBeGreaterThan(50);
    expect(found.steps.filter(({ verdict }) => verdict === "held").length).toBeGreaterThan(0);
  });

  it("reports a server that does not answer", async () => {
    const server = await startServer(1);
    await server[Symbol.asyncDispose]();
    const silent = { baseUrl: server.baseUrl, seed: 1, workload: { kind: "request" } } as const;
    await expect(saturate({ ...options, target: silent })).rejects.toMatchObject({
      code: "no-answer",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});
