import { describe, expect, it, vi } from "vitest";
import { systemClock } from "../../core/index.ts";
import { groupsOf } from "../drill/fixture.ts";
import { serve } from "../testing/http-page.ts";
import { AT_REST_COLLECTIONS, Measurement } from "./measurement.ts";

const METRICS = `# TYPE answers_total counter
answers_total 7
# TYPE feed_staleness_seconds gauge
feed_staleness_seconds{feed="binance"} 0.5
feed_staleness_seconds{feed="odd"} -5
`;
const RULES = groupsOf(
  "alert: Seven, expr: answers_total == 7, labels: { severity: rollback }",
  "alert: Quiet, expr: answers_total > 9",
  "alert: Blind, expr: nothing_total > 0",
);

/** Measures a platform whose answers never change, until its trigger has fired; there is no pgBouncer. */
async function measured() {
  // It uses its database for some pages more when it seems to be at rest.
  let busyPages = Number.POSITIVE_INFINITY;
  await using page = await serve((request, response) => {
    if (request.url === "/metrics") {
      busyPages -= 1;
      return response.end(`${METRICS}db_pool_connections{state="active"} ${busyPages > 0 ? 1 : 0}\n`);
    }
    return response.writeHead(request.url === "/health" ? 200 : 404).end();
  });
  const startedAtEpochMs = systemClock.nowMs();
  await using measurement = Measurement.start({
    addresses: {
      metrics: `${page.url}/metrics`,
      platform: page.url,
      poolerAdminUrl: "postgresql://kanit@127.0.0.1:1/pgbouncer",
    },
    candidateMetrics: [],
    platform: {
      health: "/health",
      venues: ["binance", "btcturk"],
      metrics: { path: "/metrics", mapping: [], lacks: [] },
    },
    rules: RULES,
    expressions: ["max(feed_staleness_seconds)"],
    timeScale: 1,
    // Stands still where durations are limited, so that a slow machine reaches no limit.
    clock: { ...systemClock, monotonicMs: () => 0 },
    startedAtEpochMs,
  });
  await vi.waitFor(
    () => expect(measurement.triggerStates()).toContainEqual({ name: "Seven", state: "firing" }),
    { timeout: 10_000 },
  );
  busyPages = 12;
  const readAtRest = await measurement.collectAtRest(0, AT_REST_COLLECTIONS, () => false);
  await measurement.stop();
  const endMs = systemClock.nowMs() - startedAtEpochMs;
  const expressions = ["answers_total", "nothing_total", "answers_total >"];
  const phase = { name: "steady-before", startMs: 0, endMs } as const;
  return { outcome: measurement.measured(expressions, [phase], endMs), endMs, measurement, readAtRest };
}

describe("what was measured", () => {
  it("is plain data: the requested values, the age of each feed, and what the triggers did", async () => {
    const { outcome, endMs, measurement, readAtRest } = await measured();
    expect(readAtRest).toBe(true);
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
    expect(outcome.metricsPages).toEqual({
      pages: expect.any(Number),
      problems: ["feed_staleness_seconds: expected 0 to 315360000 s, got -5"],
      refused: [],
    });
    expect(outcome.values).toEqual({
      answers_total: { kind: "measured", value: 7, samples: 1 },
      nothing_total: { kind: "no-data" },
      "answers_total >": { kind: "failed", why: expect.any(String) },
    });
    const ages = outcome.feedAges["steady-before"] ?? {};
    expect(Object.keys(ages)).toEqual(["binance", "btcturk"]);
    expect(ages.btcturk).toEqual([]);
    expect(new Set(ages.binance)).toEqual(new Set([0.5]));

    const [seven, quiet, blind] = outcome.triggers;
    expect(seven).toMatchObject({ name: "Seven", severity: "rollback", expression: "answers_total == 7" });
    expect(seven?.history.at(-1)).toMatchObject({ state: "firing", value: 7 });
    expect(seven?.firedAtMs).toBeGreaterThanOrEqual(0);
    expect(seven?.firedAtMs).toBeLessThanOrEqual(endMs);
    expect(quiet).toMatchObject({ name: "Quiet", severity: "none", firedAtMs: null, failures: 0 });
    expect(new Set(blind?.history.map(({ state }) => state))).toEqual(new Set(["no-data"]));

    const active = 'sum(db_pool_connections{state="active"})';
    expect(measurement.values({ active }, endMs)).toEqual({ active: 0 });

    expect(measurement.requests).toBeGreaterThan(0);
    const source = (job: string) => measurement.values({ up: `up{job="${job}"}` }, endMs);
    expect(source("platform")).toEqual({ up: 1 });
    expect(source("pgbouncer")).toEqual({ up: 0 });
  });
});
