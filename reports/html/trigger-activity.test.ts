import { describe, expect, it } from "vitest";
import type { TriggerRecord, TriggerStateRecord } from "../../evidence/index.ts";
import { fixtureScenario } from "../testing/run-fixture.ts";
import { activityOf } from "./trigger-activity.ts";

const scenario = fixtureScenario("db-latency");
const [due] = scenario.triggers;
if (due === undefined) throw new RangeError("expected a trigger in the made-up scenario");

const triggerOf = (name: string, states: readonly (readonly [number, TriggerStateRecord["state"]])[]) =>
  ({
    ...due,
    name,
    expected: "quiet",
    verdict: "pass",
    history: states.map(([atMs, state]) => ({ atMs, state, value: null })),
    firedAtMs: states.find(([, state]) => state === "firing")?.[0] ?? null,
    firedAfterFaultMs: null,
  }) satisfies TriggerRecord;

const activeNames = (...triggers: TriggerRecord[]) =>
  activityOf({ ...scenario, triggers }).active.map(({ name }) => name);

describe("the activity of triggers", () => {
  it("does not count a rule's state before the first scrape", () => {
    const absent = triggerOf("ApiLatencyP95HighAbsent", [
      [0, "pending"],
      [250, "inactive"],
    ]);
    const high = triggerOf("ApiLatencyP95High", [
      [0, "no-data"],
      [250, "inactive"],
    ]);
    expect(activeNames(absent, high)).toEqual([]);
    expect(activityOf({ ...scenario, triggers: [absent, high] }).quiet).toEqual([absent, high]);
  });

  it("counts a rule that was pending or without data while it was judged", () => {
    const pending = triggerOf("Pending", [
      [0, "inactive"],
      [6_000, "pending"],
      [7_000, "inactive"],
    ]);
    const lateData = triggerOf("LateData", [
      [0, "no-data"],
      [9_000, "inactive"],
    ]);
    const noData = triggerOf("NoData", [[0, "no-data"]]);
    expect(activeNames(pending, lateData, noData)).toEqual(["Pending", "LateData", "NoData"]);
  });

  it("counts a rule that fired, even in the warm-up, and every rule that had to fire or did not pass", () => {
    const early = triggerOf("Early", [
      [0, "firing"],
      [500, "inactive"],
    ]);
    const missed = { ...triggerOf("Missed", [[0, "inactive"]]), expected: "fires" } as const;
    const judged = { ...triggerOf("Judged", [[0, "inactive"]]), verdict: "inconclusive" } as const;
    expect(activeNames(early, missed, judged)).toEqual(["Missed", "Early", "Judged"]);
  });

  it("lists those that had to fire first, then those that fired", () => {
    const pending = triggerOf("Pending", [[0, "pending"]]);
    const fired = triggerOf("Fired", [[6_000, "firing"]]);
    expect(activeNames(pending, fired, due)).toEqual([due.name, "Fired", "Pending"]);
  });
});
