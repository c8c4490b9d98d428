import { fastify } from "fastify";
import { describe, expect, it } from "vitest";
import { type DefectName, parseDefects } from "../defects.ts";
import { addPlantedAnswers } from "./planted-answers.ts";
import { setSecurityHeaders } from "./security-headers.ts";

/** A server with these defects, whose sleeps and crashes are written down in place of happening. */
function planted(defect: DefectName) {
  const sleptMs: number[] = [];
  let crashes = 0;
  const server = fastify();
  addPlantedAnswers(server, parseDefects(defect), {
    sleep: async (durationMs) => sleptMs.push(durationMs),
    crash: () => {
      crashes += 1;
    },
  });
  for (const url of ["/", "/metrics", "/api/healthz"]) server.get(url, () => "ok");
  const ask = async (url: string, count: number) => {
    for (let sent = 0; sent < count; sent++) await server.inject(url);
  };
  return { ask, sleptMs, crashes: () => crashes };
}

describe("a planted defect in the answers", () => {
  it("slower-by-half waits for half of the time that an answer took", async () => {
    const { ask, sleptMs } = planted("slower-by-half");
    const askedMs = performance.now();
    await ask("/", 1);
    expect(sleptMs[0]).toBeGreaterThan(0);
    expect(sleptMs[0]).toBeLessThanOrEqual(0.5 * (performance.now() - askedMs));
    await ask("/metrics", 1);
    expect(sleptMs).toHaveLength(1);
  });

  it("cold-start holds the first requests of users up, and no later one", async () => {
    const { ask, sleptMs } = planted("cold-start");
    await ask("/api/healthz", 5);
    expect(sleptMs).toEqual([]);
    await ask("/", 210);
    expect(sleptMs).toEqual(Array.from({ length: 200 }, () => 300));
  });

  it("lost-policy sends answers without their Content-Security-Policy, and with their other headers", async () => {
    const server = fastify();
    server.addHook("onRequest", async (_request, reply) => setSecurityHeaders(reply));
    addPlantedAnswers(server, parseDefects("lost-policy"));
    server.get("/", () => "ok");
    const { headers } = await server.inject("/");
    expect(headers["content-security-policy"]).toBeUndefined();
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("crash-loop ends the process after some dozens of requests of users", async () => {
    const { ask, crashes } = planted("crash-loop");
    await ask("/metrics", 60);
    await ask("/", 49);
    expect(crashes()).toBe(0);
    await ask("/", 1);
    expect(crashes()).toBe(1);
  });
});
