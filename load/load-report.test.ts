import { describe, expect, it } from "vitest";
import { judgeLoad, type LoadReport, reportOf, USUAL_OBJECTIVE } from "./load-report.ts";
import { startLoad } from "./start-load.ts";
import { FAKE_API } from "./testing/fake-api.ts";
import { startFakePlatform } from "./testing/fake-platform.ts";

const healthy: LoadReport = {
  tool: "kanit",
  durationMs: 1_000,
  operations: 100,
  outcomes: { succeeded: 100, rejected: 0, failed: 0, unknown: 0, dropped: 0 },
  errorRatio: 0,
  latencyMs: { p50: 5, p90: 8, p95: 150, p99: 180, p999: 190, max: 199 },
  latencyFrom: "planned start",
  kinds: [],
  unsound: [],
  lagMsP99: 1,
};
const judge = (changed: Partial<LoadReport>) => judgeLoad({ ...healthy, ...changed }, USUAL_OBJECTIVE);

describe("a load", () => {
  it("passes below the objective's P95 and errors", () => {
    expect(judge({})).toEqual({ verdict: "pass", reasons: [] });
  });

  it("fails at the objective itself", () => {
    expect(judge({ latencyMs: { ...healthy.latencyMs, p95: 200 } }).verdict).toBe("fail");
    expect(judge({ errorRatio: 0.01 }).verdict).toBe("fail");
  });

  it("is inconclusive when its measurement is unreliable, whatever it measured", () => {
    expect(judge({ unsound: ["late"], errorRatio: 1 })).toEqual({
      verdict: "inconclusive",
      reasons: ["late"],
    });
  });

  it("is inconclusive without data, or with too few", () => {
    expect(judge({ operations: 0, errorRatio: null }).verdict).toBe("inconclusive");
    expect(judge({ operations: 39 }).verdict).toBe("inconclusive");
  });
});

it("a report summarizes the generator's operations by kind", async () => {
  await using platform = await startFakePlatform();
  await using load = await startLoad({
    baseUrl: platform.baseUrl,
    api: FAKE_API,
    seed: 1,
    arrivals: { kind: "starts", startsMs: [0, 1, 1, 5, 40], durationMs: 41 },
    workload: { kind: "order-flow", mix: { positions: 1, quote: 1 } },
  });
  await load.arrivalsEnded();
  await load.settle();
  const result = await load.stop();
  expect(result.operations.map(({ plannedAtMs }) => plannedAtMs).toSorted((a, b) => a - b)).toEqual([
    0, 1, 1, 5, 40,
  ]);
  const report = reportOf(result);
  expect(report).toMatchObject({ operations: 5, outcomes: { succeeded: 5 }, errorRatio: 0 });
  expect(report.kinds.reduce((sum, { operations }) => sum + operations, 0)).toBe(5);
});
