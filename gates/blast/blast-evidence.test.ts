import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { blastEvidence, makeEvidenceFolder, writeBlastEvidence } from "./blast-evidence.ts";
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
  startedAtMs: STARTED_AT_MS,
};

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kanit-blast-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const secrets = SecretRegistry.of("hunter2-secret");

async function write(folder: string, heading = "v1.4.0 at http://127.0.0.1:8080, 30 s", blast = result) {
  const files = blastEvidence(folder, "v1.4.0");
  await makeEvidenceFolder(folder);
  await writeBlastEvidence(files, folder, heading, blast, secrets);
  return { files, read: (name: keyof typeof files) => readFile(files[name], "utf8") };
}

describe("the evidence of a blast", () => {
  it("is in four files named after the release, in a folder that is created", async () => {
    const folder = join(root, "deep", "evidence");
    await write(folder);
    expect((await readdir(folder)).toSorted()).toEqual([
      "micro_api_v1.4.0.log",
      "micro_blast_v1.4.0.log",
      "micro_prom_v1.4.0.promql",
      "micro_ws_v1.4.0.log",
    ]);
  });

  it("has each check with its decision", async () => {
    const { read } = await write(root);
    expect(await read("blast")).toMatch(
      /^# 2025-06-01T12:00:00\.000Z v1\.4\.0 .*\nfail +success rate +50 % of 2 \(expected more than 95 %\)\ndecision +BLOCK\n/,
    );
  });

  it("has each answer and each event with its time", async () => {
    const { read } = await write(root);
    expect((await read("api")).split("\n").slice(1, 3)).toEqual([
      "2025-06-01T12:00:00.000Z 200 4.3 ms",
      "2025-06-01T12:00:00.100Z ECONNRESET 12.5 ms",
    ]);
    expect((await read("webSocket")).split("\n").slice(1, 6)).toEqual([
      "2025-06-01T12:00:00.003Z connected in 3.0 ms",
      "2025-06-01T12:00:00.006Z protocol ping 3.0 ms",
      "2025-06-01T12:00:00.500Z application ping lost",
      "2025-06-01T12:00:00.501Z disconnected: 1006 ",
      "2025-06-01T12:00:00.600Z connect failed: ECONNREFUSED",
    ]);
  });

  it("contains the same queries for Prometheus, with the measured values", async () => {
    const { read } = await write(root);
    const text = await read("promql");
    expect(text).toContain("# API P95 in seconds, below 0.5. Measured: 12.50 ms");
    expect(text).toContain("# CPU of one core, 0 to 1. Measured: 0.25");
    expect(text).toContain("# Asked of http://127.0.0.1:9090:\n# 0.25\nsum(rate(process_cpu_seconds_total{");
    expect(text).toContain("# Prometheus warns: half of it is missing");
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toHaveLength(5);
  });

  it("has no secret in it, and is for the user who asked for it", async () => {
    const folder = join(root, "evidence");
    const { files } = await write(folder, "v1 at http://x/?key=hunter2-secret", {
      ...result,
      metrics: { ...result.metrics, remarks: ["it says hunter2-secret"] },
      samples: [{ kind: "unanswered", plannedAtMs: 0, latencyMs: 1, error: "no hunter2-secret" }],
      webSocketEvents: [{ kind: "disconnected", atMs: 1, code: 1008, reason: "hunter2%2Dsecret" }],
    });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const path of Object.values(files)) {
      expect(await readFile(path, "utf8"), path).not.toMatch(/hunter2/);
      expect((await stat(path)).mode & 0o777, path).toBe(0o600);
    }
  });

  it("of an earlier blast stays when the same release is probed again", async () => {
    await write(root, "the first");
    const { files } = await write(root, "the second");
    for (const path of Object.values(files)) {
      const text = await readFile(path, "utf8");
      expect(text.indexOf("the first"), path).toBeGreaterThan(-1);
      expect(text.indexOf("the second"), path).toBeGreaterThan(text.indexOf("the first"));
    }
  });

  it("is refused where it cannot be written, before anything is probed", async () => {
    const file = join(root, "a-file");
    await writeFile(file, "");
    for (const folder of [file, join(file, "below")]) {
      await expect(makeEvidenceFolder(folder)).rejects.toMatchObject({
        code: "evidence-not-written",
        exitCode: 69,
        message: expect.stringContaining(folder),
      });
    }
  });

  it("that vanished while it was probed is one clear error too", async () => {
    const folder = join(root, "gone");
    const files = blastEvidence(folder, "v1");
    await expect(writeBlastEvidence(files, folder, "v1", result, secrets)).rejects.toMatchObject({
      code: "evidence-not-written",
    });
  });

  it.each(["", "../v1", "a/b", ".hidden", "v 1", "x".repeat(101)])(
    "is not filed under %j, which is not a release name",
    (release) => {
      expect(() => blastEvidence("evidence", release)).toThrow(expect.objectContaining({ exitCode: 64 }));
    },
  );
});
