import { describe, expect, it } from "vitest";
import type { TriggerRecord } from "../../evidence/index.ts";
import type { ObservedTrigger } from "../observation/measured.ts";
import { judgeTriggers, triggerRecordOf } from "./judge-triggers.ts";
import { EXPECTATION } from "./outcome-fixture.ts";

const trigger = (change: Partial<TriggerRecord>): TriggerRecord => ({
  name: "LatencyCpuBackpressure",
  severity: "rollback",
  expression: "up == 0",
  summary: "",
  expected: "fires",
  verdict: "pass",
  history: [],
  evaluations: 40,
  firedAtMs: 7_000,
  firedAfterFaultMs: 6_000,
  ...change,
});

describe("triggers", () => {
  it("are one check for each that must fire, and one for all that must not", () => {
    const quiet = trigger({ name: "FeedStale", expected: "quiet", firedAtMs: null, firedAfterFaultMs: null });
    const checks = judgeTriggers([trigger({}), quiet]);
    expect(checks.map((check) => [check.name, check.verdict])).toEqual([
      ["LatencyCpuBackpressure", "pass"],
      ["no false alarm", "pass"],
    ]);
    expect(checks[0]?.received).toBe("fired 6.0 s after the fault");
  });

  it("name those that fired and should not have", () => {
    const loud = trigger({ name: "FeedStale", expected: "quiet", verdict: "fail" });
    expect(judgeTriggers([loud])[0]).toMatchObject({ verdict: "fail", received: "fired: FeedStale" });
  });

  it("are inconclusive when a quiet one had no data: its silence proves nothing", () => {
    const blind = trigger({ name: "FeedStale", expected: "quiet", verdict: "inconclusive", firedAtMs: null });
    expect(judgeTriggers([blind])[0]).toMatchObject({ verdict: "inconclusive" });
  });

  it("report that one fired before the fault, which proves nothing", () => {
    const early = trigger({ verdict: "fail", firedAtMs: 500, firedAfterFaultMs: null });
    expect(judgeTriggers([early])[0]?.received).toBe("fired at 0.5 s, before the fault");
  });
});

const observed = (change: Partial<ObservedTrigger>): ObservedTrigger => ({
  name: "FeedStale",
  severity: "rollback",
  expression: "up == 0",
  summary: "",
  history: [{ atMs: 0, state: "inactive", value: null }],
  evaluations: 40,
  firedAtMs: null,
  failures: 0,
  ...change,
});

describe("the record of a trigger", () => {
  const fires = { ...EXPECTATION, fires: ["FeedStale"] };
  const mayFire = { ...EXPECTATION, mayFire: ["FeedStale"] };

  it("passes for one that must fire only when it did after the first fault", () => {
    expect(triggerRecordOf(observed({ firedAtMs: 7_000 }), fires, 5_000)).toMatchObject({
      verdict: "pass",
      firedAfterFaultMs: 2_000,
    });
    const early = triggerRecordOf(observed({ firedAtMs: 4_000 }), fires, 5_000);
    expect(early).toMatchObject({ verdict: "fail", firedAfterFaultMs: null });
    expect(triggerRecordOf(observed({}), fires, 5_000)).toMatchObject({ verdict: "fail" });
    expect(triggerRecordOf(observed({ firedAtMs: 7_000 }), fires, null)).toMatchObject({ verdict: "fail" });
  });

  it("passes for one that must stay quiet only when it had data and did", () => {
    expect(triggerRecordOf(observed({}), EXPECTATION, 5_000)).toMatchObject({ verdict: "pass" });
    expect(triggerRecordOf(observed({ firedAtMs: 1 }), EXPECTATION, 5_000)).toMatchObject({
      verdict: "fail",
    });
  });

  it("is inconclusive without data, or when the rule could not be evaluated", () => {
    const blind = observed({ history: [{ atMs: 0, state: "no-data", value: null }] });
    expect(triggerRecordOf(blind, EXPECTATION, null).verdict).toBe("inconclusive");
    expect(triggerRecordOf(observed({ failures: 1 }), fires, 5_000).verdict).toBe("inconclusive");
  });

  it("passes for one that may fire, whatever it did", () => {
    for (const firedAtMs of [null, 1, 9_000])
      expect(triggerRecordOf(observed({ firedAtMs }), mayFire, 5_000).verdict).toBe("pass");
    expect(triggerRecordOf(observed({ failures: 3 }), mayFire, 5_000).verdict).toBe("pass");
  });
});
