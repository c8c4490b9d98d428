import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LoadPlanInput } from "../load-plan.ts";
import { USUAL_OBJECTIVE } from "../load-report.ts";
import { startFakePlatform } from "../testing/fake-platform.ts";
import { findK6, type K6Program } from "./find-k6.ts";
import { runK6 } from "./run-k6.ts";

/**
 * Where `kanit load k6` and the benchmark store what they build: in memory if there is room, otherwise on
 * disk.
 */
const caches = ["/dev/shm", tmpdir()].map((folder) =>
  join(folder, `kanit-${process.getuid?.() ?? 0}`, "cache"),
);

async function installedK6(): Promise<K6Program | null> {
  for (const cache of caches) {
    const found = await findK6(cache).catch(() => null);
    if (found !== null) return found;
  }
  return null;
}
const k6 = await installedK6();

function run(plan: LoadPlanInput, latencyMsP95 = 2_000) {
  return runK6(plan, {
    path: k6?.path ?? "",
    objective: { ...USUAL_OBJECTIVE, latencyMsP95 },
    temporaryDirectory: tmpdir(),
    signal: new AbortController().signal,
  });
}

describe("k6", () => {
  it("runs the order flow: orders once for each key, queries, cancels, quotes and a stream", async (context) => {
    if (k6 === null) context.skip("k6 is not installed; node project/install-optional-programs.ts builds it");
    await using platform = await startFakePlatform();
    const { report, thresholds } = await run({
      baseUrl: platform.baseUrl,
      seed: 1,
      keyPrefix: "night",
      arrivals: { kind: "constant", rateRps: 100, durationMs: 2_500 },
      workload: { kind: "order-flow", pingIntervalMs: 100 },
    });
    const sent = platform.seen.filter(({ path }) => path !== "/ws/quotes");
    // The setup requests a quote of each venue, which is not measured.
    expect(report.operations).toBe(sent.length - 2);
    expect(report.operations).toBeGreaterThanOrEqual(249);
    expect(report.outcomes).toMatchObject({ succeeded: report.operations, dropped: 0 });
    expect(thresholds).toBe("held");
    const keys = sent.flatMap(({ key }) => key ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => key.startsWith("night-"))).toBe(true);
    expect(new Set(report.kinds.map(({ kind }) => kind))).toEqual(
      new Set(["place", "query", "cancel", "positions", "quote"]),
    );
    await platform.untilPinged(1);
  });

  it("judges by its thresholds, and counts a server's errors", async (context) => {
    if (k6 === null) context.skip("k6 is not installed; node project/install-optional-programs.ts builds it");
    await using platform = await startFakePlatform(() => ({ status: 500, body: { error: "out_of_order" } }));
    const { report, thresholds } = await run({
      baseUrl: platform.baseUrl,
      seed: 1,
      arrivals: { kind: "constant", rateRps: 50, durationMs: 1_000 },
      workload: { kind: "request", path: "/api/positions" },
    });
    expect(thresholds).toBe("crossed");
    expect(report.errorRatio).toBe(1);
    expect(report.outcomes.failed).toBe(report.operations);
  });

  it("reports its last output when it cannot run at all", async (context) => {
    if (k6 === null) context.skip("k6 is not installed; node project/install-optional-programs.ts builds it");
    const plan = { baseUrl: "http://127.0.0.1:9", seed: 1, keyPrefix: "a" } as const;
    const arrivals = { kind: "constant", rateRps: 0, durationMs: 10 } as const;
    await expect(run({ ...plan, arrivals, workload: { kind: "request" } })).rejects.toMatchObject({
      code: "k6-failed",
      message: expect.stringMatching(/code 10\d: .*rate/),
    });
  });
});
