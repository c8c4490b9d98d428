import { describe, expect, it } from "vitest";
import type { Scenario } from "../harness/index.ts";
import { scenarioNamed } from "../scenarios/index.ts";
import { runOnce } from "./testing/suite.ts";

/** Bugs planted in the platform (platform/defects.ts), and the checks that must notice them. */
interface PlantedDefect {
  readonly defect: string;
  readonly scenario: Scenario;
  readonly caughtBy: readonly string[];
}

const DEFECTS: readonly PlantedDefect[] = [
  {
    defect: "blind-retry",
    scenario: shortened("binance-ack-lost"),
    caughtBy: ["no-duplicate-orders", "balances-agree"],
  },
  {
    defect: "blind-retry",
    scenario: shortened("http-second-request-fails"),
    caughtBy: ["no-duplicate-orders", "accepted-orders-accounted"],
  },
  // Each single fill shows float-money; in balances the rounding errors of many fills may cancel out.
  {
    defect: "float-money,idempotency-race,slow-leak,outbox-own-clock,report-labels",
    scenario: shortened("corner-cases-at-once"),
    caughtBy: [
      ...["fills-agree", "one-order-per-key", "bytes of memory kept per request"],
      ...["events-agree", "series of the counter of reports"],
    ],
  },
  { defect: "no-resync", scenario: shortened("feed-gap"), caughtBy: ["a gap leads to a new book"] },
  // Each is noticed by a check of its own, so one run shows all four.
  {
    defect: "rounded-quantity,lost-event,number-amounts,deaf-kill-switch",
    scenario: shortened("steady-state", 4_000),
    caughtBy: ["orders-as-asked", "events-agree", "shown-as-booked", "refusals-stand"],
  },
  {
    defect: "pool-leak",
    scenario: shortened("pg-outage"),
    caughtBy: ["database connections are returned"],
  },
];

/**
 * Correct books settle sooner, and those that a defect has corrupted never settle, so
 * waiting longer is useless.
 */
const SETTLES_WITHIN_MS = 2_000;

/**
 * A harness that cannot fail proves nothing. Each defect is planted in a platform that passes the same
 * scenario without it. Several defects share a run where different checks must notice them.
 */
describe("the harness detects a platform that", () => {
  it.each(DEFECTS)("has $defect, by $caughtBy", async ({ defect, scenario, caughtBy }) => {
    const record = await runOnce(scenario, {
      environment: { SPARK_DEFECTS: defect },
      settlesWithinMs: SETTLES_WITHIN_MS,
    });
    const failed = record.checks.filter((check) => check.verdict === "fail").map((check) => check.name);
    expect(failed, `repeat it with: ${record.command}`).toEqual(expect.arrayContaining([...caughtBy]));
    expect(record.verdict).toBe("fail");
  });
});

/** Without defects, so that what the checks notice above is the defects' doing. */
it("the corner cases at once break no rule of a sound platform, and each of their faults does something", async () => {
  const { checks, command } = await runOnce(shortened("corner-cases-at-once"), {});
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  expect(
    failed.map(({ name, received }) => `${name}: ${received}`),
    command,
  ).toEqual([]);
  const passed = checks.filter(({ verdict }) => verdict === "pass").map(({ name }) => name);
  const books = ["fills-agree", "one-order-per-key", "events-agree", "positions-agree", "metrics-agree"];
  expect(passed, command).toEqual(expect.arrayContaining(books));
  expect(checks.filter(({ kind, verdict }) => kind === "fault" && verdict !== "pass")).toEqual([]);
});

function shortened(name: string, steadyBeforeMs = 1_000): Scenario {
  const scenario = scenarioNamed(name);
  return { ...scenario, timing: { steadyBeforeMs, steadyAfterMs: scenario.faults.length === 0 ? 0 : 2_000 } };
}
