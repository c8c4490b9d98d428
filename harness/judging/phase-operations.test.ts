import { describe, expect, it } from "vitest";
import { placement } from "../invariants/final-state-fixture.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { soundLoad, soundOutcome } from "./outcome-fixture.ts";
import { operationsOf } from "./phase-operations.ts";

const PHASES = [
  { name: "steady-before", startMs: 1_000, endMs: 4_000 },
  { name: "fault", startMs: 4_000, endMs: 5_000 },
  { name: "recovery", startMs: 5_000, endMs: 6_000 },
] as const;

/** The name of the phase to which an operation belongs. */
function phaseOf(plannedAtMs: number, endedAtMs: number) {
  const operation = placement({ plannedAtMs, startedAtMs: plannedAtMs, endedAtMs });
  return PHASES.filter(({ name }) => operationsOf(name, PHASES, [operation])?.length === 1).map(
    ({ name }) => name,
  );
}

describe("an operation", () => {
  it("belongs to the phase in which it was planned, however late it was answered", () => {
    expect(phaseOf(1_000, 1_010)).toEqual(["steady-before"]);
    expect(phaseOf(4_000, 9_000)).toEqual(["fault"]);
    expect(phaseOf(4_999, 5_500)).toEqual(["fault"]);
    expect(phaseOf(5_000, 5_010)).toEqual(["recovery"]);
    expect(phaseOf(999, 1_500)).toEqual([]);
  });

  it("belongs to the faults when they began before a healthy platform had to answer", () => {
    expect(phaseOf(3_900, 4_500)).toEqual(["fault"]);
    expect(phaseOf(3_800, 4_000)).toEqual(["fault"]);
  });

  it("belongs to the phase before the faults when it was answered, or late, without them", () => {
    expect(phaseOf(3_900, 3_999)).toEqual(["steady-before"]);
    expect(phaseOf(3_799, 4_500)).toEqual(["steady-before"]);
  });

  it("belongs to its phase also where no fault follows, or the phase did not take place", () => {
    const only = [PHASES[0]];
    const last = placement({ plannedAtMs: 3_900, endedAtMs: 4_500 });
    expect(operationsOf("steady-before", only, [last])).toEqual([last]);
    expect(operationsOf("fault", only, [last])).toBeNull();
  });
});

describe("requests that a fault caught in progress", () => {
  it("say nothing about the platform before it", () => {
    const { operations } = soundOutcome().load;
    const caught = [3_850, 3_870, 3_890, 3_910].map((plannedAtMs) =>
      placement({ plannedAtMs, startedAtMs: plannedAtMs, endedAtMs: 4_100, outcome: "failed" }),
    );
    const steadyBefore = (failed: typeof caught) => {
      const load = soundLoad([...operations, ...failed]);
      return judgeScenario(soundOutcome({ load })).checks.find(({ name }) => name === "steady state before");
    };
    expect(steadyBefore(caught)?.verdict).toBe("pass");
    // The same failures, answered before the fault, are the platform's own.
    const own = caught.map((operation) => ({ ...operation, endedAtMs: 3_950 }));
    expect(steadyBefore(own)).toMatchObject({ verdict: "fail", received: expect.stringContaining("errors") });
  });
});

describe("orders that are refused during long faults only", () => {
  it("do not make the platform one that accepts no orders", () => {
    const { operations } = soundOutcome().load;
    const refused = Array.from({ length: 900 }, (_, index) =>
      placement({ id: 10_000 + index, plannedAtMs: 4_100, endedAtMs: 4_110, outcome: "rejected" }),
    );
    const load = soundLoad([...operations, ...refused]);
    const { checks } = judgeScenario(soundOutcome({ load }));
    expect(checks.find(({ name }) => name === "orders are accepted")?.verdict).toBe("pass");
  });
});
