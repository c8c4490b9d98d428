import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { openRequestMeter, type RequestMeter } from "./measured-share.ts";

const NEVER = new AbortController().signal;

/** The page of an arm: what it has counted by route, and when its process started. Null: it does not answer. */
interface Page {
  readonly startedAt: number;
  readonly orders: number;
  readonly probes: number;
}

const pages: { stable: Page | null; candidate: Page | null } = { stable: null, candidate: null };
const servers: Server[] = [];
let meter: RequestMeter;

async function serve(arm: keyof typeof pages): Promise<URL> {
  const server = createServer((_request, response) => {
    const page = pages[arm];
    if (page === null) return response.writeHead(503).end();
    return response
      .writeHead(200, { "content-type": "text/plain" })
      .end(
        [
          `process_start_time_seconds ${page.startedAt}`,
          `http_requests_total{method="POST",route="/api/orders",status="201"} ${page.orders}`,
          `http_requests_total{method="GET",route="/api/healthz",status="200"} ${page.probes}`,
          `http_requests_total{method="GET",route="/metrics",status="200"} ${page.probes}`,
          "",
        ].join("\n"),
      );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
}

beforeEach(async () => {
  pages.stable = { startedAt: 1_000, orders: 500, probes: 7 };
  pages.candidate = { startedAt: 1_000, orders: 40, probes: 7 };
  const source = async (arm: keyof typeof pages) =>
    ({ kind: "scrape", metricsUrls: [await serve(arm)] }) as const;
  const arms = { stable: await source("stable"), candidate: await source("candidate") };
  meter = await openRequestMeter(arms, { allowedHosts: [], clock: systemClock });
});
afterEach(async () => {
  await meter[Symbol.asyncDispose]();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

describe("the measured share", () => {
  it("is of what users asked from one reading to the next, without probes and scrapes", async () => {
    expect(await meter.read(NEVER)).toMatchObject({ kind: "unknown" });
    pages.stable = { startedAt: 1_000, orders: 575, probes: 99 };
    pages.candidate = { startedAt: 1_000, orders: 65, probes: 99 };
    expect(await meter.read(NEVER)).toEqual({ kind: "measured", requests: { stable: 75, candidate: 25 } });
    expect(await meter.read(NEVER)).toEqual({ kind: "measured", requests: { stable: 0, candidate: 0 } });
  });

  it("counts an arm from zero that started again, also where it has overtaken its old counter", async () => {
    await meter.read(NEVER);
    pages.candidate = { startedAt: 2_000, orders: 45, probes: 0 };
    expect(await meter.read(NEVER)).toEqual({ kind: "measured", requests: { stable: 0, candidate: 45 } });
  });

  it("is unknown while an arm cannot be read, and loses no request of that time", async () => {
    await meter.read(NEVER);
    pages.candidate = null;
    pages.stable = { startedAt: 1_000, orders: 600, probes: 7 };
    expect(await meter.read(NEVER)).toMatchObject({
      kind: "unknown",
      why: expect.stringMatching(/candidate.*503/),
    });
    pages.candidate = { startedAt: 1_000, orders: 50, probes: 7 };
    expect(await meter.read(NEVER)).toEqual({ kind: "measured", requests: { stable: 100, candidate: 10 } });
  });
});
