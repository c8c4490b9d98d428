import { describe, expect, it } from "vitest";
import { collect } from "../testing/collect.ts";
import { startFakePlatform } from "../testing/fake-platform.ts";
import { type HttpSample, probeHttp } from "./http-probe.ts";

const PATIENCE = { intervalMs: 20, durationMs: 200, timeoutMs: 10_000, allowedHosts: [] };

describe("the HTTP probe", () => {
  it("sends requests at fixed times and returns the status of each answer", async () => {
    await using platform = await startFakePlatform(() => ({ status: 503 }));
    const samples = await collect(probeHttp(`${platform.baseUrl}/api/healthz?deep=1`, PATIENCE));
    expect(samples.map(({ plannedAtMs }) => Math.round(plannedAtMs)).toSorted((a, b) => a - b)).toEqual([
      0, 20, 40, 60, 80, 100, 120, 140, 160, 180,
    ]);
    expect(samples.every((sample) => sample.kind === "answered" && sample.status === 503)).toBe(true);
    expect(platform.seen[0]).toMatchObject({ method: "GET", path: "/api/healthz?deep=1" });
  });

  it("continues while earlier requests hang, each of which fails after its timeout", async () => {
    await using platform = await startFakePlatform(() => "hang");
    const samples = await collect(probeHttp(platform.baseUrl, { ...PATIENCE, timeoutMs: 60 }));
    expect(samples).toHaveLength(10);
    for (const sample of samples) {
      expect(sample).toMatchObject({ kind: "unanswered", error: "timeout" });
      expect(sample.latencyMs).toBeGreaterThanOrEqual(59);
    }
  });

  it("distinguishes a refused connection from a closed one", async () => {
    const platform = await startFakePlatform(() => "cut");
    const cut = await collect(probeHttp(platform.baseUrl, { ...PATIENCE, durationMs: 20 }));
    await platform[Symbol.asyncDispose]();
    const refused = await collect(probeHttp(platform.baseUrl, { ...PATIENCE, durationMs: 20 }));
    expect(cut[0]).toMatchObject({
      kind: "unanswered",
      error: expect.stringMatching(/ECONNRESET|connection-closed/),
    });
    expect(refused[0]).toMatchObject({ kind: "unanswered", error: "ECONNREFUSED" });
  });

  it("yields answers while it still sends, and ends when its signal aborts", async () => {
    await using platform = await startFakePlatform();
    const stop = new AbortController();
    const seen: HttpSample[] = [];
    for await (const sample of probeHttp(platform.baseUrl, {
      ...PATIENCE,
      durationMs: 3_600_000,
      signal: stop.signal,
    })) {
      seen.push(sample);
      if (seen.length === 3) stop.abort();
    }
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });
});
