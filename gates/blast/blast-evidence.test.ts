import { describe, expect, it } from "vitest";
import { blastTexts } from "./blast-evidence.ts";
import type { BlastResult } from "./blast-radius.ts";

const STARTED_AT_MS = Date.UTC(2025, 5, 1, 12);
const result: BlastResult = {
  verdict: "fail",
  checks: [{ name: "success rate", verdict: "fail", expected: "more than 95 %", received: "50 % of 2" }],
  measured: {
    requests: 2,
    successes: 1,
    latencyMsP50: 4,
    latencyMsP95: 12.5,
    pings: 2,
    pongs: 1,
    pingMsP95: 3,
    cpuFraction: 0.25,
  },
  metrics: {
    source: "http://127.0.0.1:9090",
    cpuFraction: 0.25,
    answers: [{ question: 'sum(rate(process_cpu_seconds_total{instance="a"}[60s]))', value: 0.25 }],
    checks: [],
    remarks: ["Prometheus warns: half of it is missing"],
  },
  samples: [
    { kind: "answered", plannedAtMs: 0, latencyMs: 4.25, status: 200 },
    { kind: "unanswered", plannedAtMs: 100, latencyMs: 12.5, error: "ECONNRESET" },
  ],
  webSocketEvents: [
    { kind: "connected", atMs: 3, handshakeMs: 3 },
    { kind: "round-trip", atMs: 6, ping: "protocol", roundTripMs: 3 },
    { kind: "ping-lost", atMs: 500, ping: "application" },
    { kind: "disconnected", atMs: 501, code: 1006, reason: "" },
    { kind: "connect-failed", atMs: 600, error: "ECONNREFUSED" },
  ],
  metricsPath: "/prom",
  startedAtMs: STARTED_AT_MS,
};

const texts = blastTexts("v1.4.0 at http://127.0.0.1:8080, 30 s", result);

describe("the evidence of a blast", () => {
  it("has each check with its decision", () => {
    expect(texts.blast).toMatch(
      /^# 2025-06-01T12:00:00\.000Z v1\.4\.0 .*\nfail +success rate +50 % of 2 \(expected more than 95 %\)\ndecision +BLOCK\n/,
    );
  });

  it("has each answer and each event with its time", () => {
    expect(texts.api.split("\n").slice(1, 3)).toEqual([
      "2025-06-01T12:00:00.000Z 200 4.3 ms",
      "2025-06-01T12:00:00.100Z ECONNRESET 12.5 ms",
    ]);
    expect(texts.webSocket.split("\n").slice(1, 6)).toEqual([
      "2025-06-01T12:00:00.003Z connected in 3.0 ms",
      "2025-06-01T12:00:00.006Z protocol ping 3.0 ms",
      "2025-06-01T12:00:00.500Z application ping lost",
      "2025-06-01T12:00:00.501Z disconnected: 1006 ",
      "2025-06-01T12:00:00.600Z connect failed: ECONNREFUSED",
    ]);
  });

  it("contains the same queries for Prometheus, with the measured values", () => {
    const text = texts.promql;
    expect(text).toContain("# API P95 in seconds, below 0.5. Measured: 12.50 ms");
    expect(text).toContain("# CPU of one core, 0 to 1. Measured: 0.25");
    expect(text).toContain("# Asked of http://127.0.0.1:9090:\n# 0.25\nsum(rate(process_cpu_seconds_total{");
    expect(text).toContain("# Prometheus warns: half of it is missing");
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toHaveLength(5);
  });
});
