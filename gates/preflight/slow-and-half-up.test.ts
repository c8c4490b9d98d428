import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Target } from "../engine/target.ts";
import { rehearseGate } from "../testing/rehearsal.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { PREFLIGHT } from "./preflight.ts";

/** The time that a check has in these tests, in place of its own. */
const IMPATIENT_MS = 1_500;
const IMPATIENT = {
  ...PREFLIGHT,
  checks: PREFLIGHT.checks
    .filter(({ needs }) => !needs.includes("repository"))
    .map((check) => ({ ...check, deadlineMs: IMPATIENT_MS })),
};
const MIGRATIONS = fileURLToPath(new URL("../../platform/prisma/migrations", import.meta.url));
const PASSWORD = "hunter2-of-the-test";

async function listening(server: Server) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A release whose HTTP parts, and whose databases, are at these addresses. */
function targetAt(http: string, database: string): Target {
  const url = new URL(`http://${http}`);
  return {
    ...EMPTY_TARGET,
    parts: {
      ...EMPTY_TARGET.parts,
      url,
      metrics: new URL("/metrics", url),
      health: new URL("/api/healthz", url),
      features: { url: new URL("/api/features/status", url), defaults: { "execution.enabled": true } },
      database: `postgresql://mara:${PASSWORD}@${database}/spark`,
      pgbouncer: { console: `postgresql://mara:${PASSWORD}@${database}/pgbouncer`, poolMode: "transaction" },
      prometheus: { url: url.href, targets: ["platform"], rules: null },
      migrations: MIGRATIONS,
      venueClocks: { binance: new URL("/api/v3/time", url).href },
    },
  };
}

async function preflightOf(target: Target) {
  const { record } = await rehearseGate({ target, commit: null }, IMPATIENT);
  return record;
}

const PAGE = "<!doctype html><title>Spark</title>";

/** Its health is reported, and each other answer is wrong in another way. */
const halfUp: RequestListener = (request, response) => {
  const path = new URL(request.url ?? "/", "http://spark").pathname;
  if (path === "/api/healthz") return response.writeHead(200).end('{"status":"ok"}');
  if (path === "/metrics") {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "5000" });
    return response.write("http_requests_total 5\n", () => request.socket.destroy());
  }
  if (path === "/") return response.writeHead(302, { location: "/login" }).end();
  if (path === "/dashboard") return response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  return response.writeHead(503, { "content-type": "application/json" }).end('{"status":"starting"}');
};

describe("a bad day: preflight ends within its minute, never passes, and says why on one line, when", () => {
  it("everything of the target accepts connections and never answers", async () => {
    await using silent = await listening(createServer());
    const { verdict, checks } = await preflightOf(targetAt(silent.host, silent.host));
    expect(verdict).toBe("inconclusive");
    for (const { id, verdict: each, reasons } of checks) {
      expect(each, id).toBe("inconclusive");
      expect(reasons.join("; "), id).toMatch(/no answer|within|timeout/i);
      expect(reasons.join("; "), id).not.toMatch(new RegExp(`\n|${PASSWORD}`));
    }
  });

  it("the platform is half up: healthy by its own word, with other answers cut, refused or led elsewhere", async () => {
    await using half = await listening(createHttpServer(halfUp));
    await using silent = await listening(createServer());
    const { verdict, checks } = await preflightOf(targetAt(half.host, silent.host));
    expect(verdict).not.toBe("pass");
    expect(checks.filter((check) => check.verdict === "pass")).toEqual([]);
    const reasons = Object.fromEntries(checks.map((check) => [check.id, check.reasons.join("; ")]));
    expect(reasons["security-headers"]).toContain("/");
    expect(reasons["feature-flag-defaults"]).toContain("503");
    expect(reasons["prometheus-targets"]).toContain("Expected Prometheus's HTTP API");
  });

  it("each check uses all of its time, which is less than that of the gate", () => {
    expect(PREFLIGHT.limitMs).toBeLessThanOrEqual(60_000);
    for (const { id, deadlineMs } of PREFLIGHT.checks) expect(deadlineMs, id).toBeLessThan(50_000);
  });
});
