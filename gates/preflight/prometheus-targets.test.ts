import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { runCheck } from "../engine/run-check.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { prometheusTargets } from "./prometheus-targets.ts";

let server: Server | null = null;
afterEach(async () => {
  if (server === null) return;
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  server = null;
});

interface Scraped {
  readonly health: string;
  readonly ageMs: number;
}

/** A Prometheus with one target, and with something beside its answers. */
async function prometheusWith({ health, ageMs }: Scraped, beside: object = {}): Promise<string> {
  server = createServer((request, response) => {
    const nowMs = Date.now();
    const target = {
      labels: { job: "platform", instance: "spark:8080" },
      ...{ health, lastError: health === "up" ? "" : "connection refused" },
      lastScrape: new Date(nowMs - ageMs).toISOString(),
    };
    const isTargets = request.url?.startsWith("/api/v1/targets") === true;
    const now = { resultType: "scalar", result: [nowMs / 1_000, String(nowMs / 1_000)] };
    const data = isTargets ? { activeTargets: [target] } : now;
    response.end(JSON.stringify({ status: "success", data, ...beside }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function judged(url: string, targets: readonly string[] = ["platform"]) {
  const target = {
    ...EMPTY_TARGET,
    parts: { ...EMPTY_TARGET.parts, prometheus: { url, targets, rules: null } },
  };
  const { verdict, reasons } = await runCheck(prometheusTargets, target, {
    ...{ commit: null, wasSeenRed: true, clock: systemClock },
    signal: new AbortController().signal,
  });
  return { verdict, reasons };
}

describe("the targets of a Prometheus", () => {
  it("pass when each expected job is up and was scraped lately", async () => {
    expect(await judged(await prometheusWith({ health: "up", ageMs: 5_000 }))).toEqual({
      verdict: "pass",
      reasons: [],
    });
  });

  it("fail when one is down, with its error", async () => {
    expect(await judged(await prometheusWith({ health: "down", ageMs: 5_000 }))).toEqual({
      verdict: "fail",
      reasons: ["platform at spark:8080 is down: connection refused"],
    });
  });

  it("fail when one is up by a scrape of long ago", async () => {
    const { verdict, reasons } = await judged(await prometheusWith({ health: "up", ageMs: 300_000 }));
    expect([verdict, reasons]).toEqual(["fail", [expect.stringMatching(/was scraped 5 min ago/)]]);
  });

  it("are inconclusive when a job that must be scraped has no target", async () => {
    const url = await prometheusWith({ health: "up", ageMs: 0 });
    expect(await judged(url, ["platform", "postgres"])).toEqual({
      verdict: "inconclusive",
      reasons: ["1 of 2 missing: postgres"],
    });
  });

  it("are inconclusive when Prometheus warns that its answer is not whole", async () => {
    const url = await prometheusWith({ health: "up", ageMs: 0 }, { warnings: ["a store did not answer"] });
    const { verdict, reasons } = await judged(url);
    expect([verdict, reasons[0]]).toEqual(["inconclusive", "Prometheus warns: a store did not answer"]);
  });
});
