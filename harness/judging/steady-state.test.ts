import { describe, expect, it } from "vitest";
import { type Operation, summarize } from "../../load/index.ts";
import { placement } from "../invariants/final-state-fixture.ts";
import { firstSteadyMs, judgeWindow, STEADY_STATE } from "./steady-state.ts";

/** One operation every 20 ms from `fromMs` to `toMs`, each with this change. */
function operations(
  fromMs: number,
  toMs: number,
  latencyMs: number,
  change: Partial<Operation> = {},
): Operation[] {
  const count = Math.floor((toMs - fromMs) / 20);
  return Array.from({ length: count }, (_, index) => {
    const plannedAtMs = fromMs + index * 20;
    return placement({
      plannedAtMs,
      startedAtMs: plannedAtMs,
      endedAtMs: plannedAtMs + latencyMs,
      ...change,
    });
  });
}

const findingOf = (list: readonly Operation[]) => judgeWindow(summarize(list)).kind;

describe("the steady state", () => {
  it("holds for quick answers without errors", () => {
    expect(findingOf(operations(0, 2_000, 10))).toBe("holds");
  });

  it("is broken by a P95 above the objective", () => {
    expect(findingOf(operations(0, 2_000, STEADY_STATE.latencyMsP95 + 10))).toBe("broken");
  });

  it("is broken by more than one percent of errors, whether failed or never answered", () => {
    const quick = operations(0, 2_000, 10);
    for (const outcome of ["failed", "unknown"] as const) {
      const broken = quick.map((operation, index) =>
        index % 50 === 0 ? { ...operation, outcome } : operation,
      );
      expect(findingOf(broken)).toBe("broken");
    }
  });

  it("is not broken by refusals that are part of the contract", () => {
    expect(findingOf(operations(0, 2_000, 10, { outcome: "rejected" }))).toBe("holds");
  });

  it("says nothing about too few operations", () => {
    expect(findingOf(operations(0, 300, 10))).toBe("too-few");
    expect(findingOf([])).toBe("too-few");
  });
});

describe("recovery", () => {
  const failing = operations(0, 3_000, 10, { outcome: "failed" });

  it("counts to the start of the first window that held", () => {
    const healed = [...failing, ...operations(3_000, 8_000, 10)];
    expect(firstSteadyMs(healed, 1_000, 8_000)).toBeGreaterThanOrEqual(2_900);
    expect(firstSteadyMs(healed, 1_000, 8_000)).toBeLessThanOrEqual(3_000);
  });

  it("is immediate when the steady state was never lost", () => {
    expect(firstSteadyMs(operations(0, 5_000, 10), 1_000, 5_000)).toBe(1_000);
  });

  it("is null when no whole window held", () => {
    expect(firstSteadyMs(failing, 0, 3_000)).toBeNull();
    expect(firstSteadyMs([...failing, ...operations(3_000, 4_000, 10)], 0, 4_000)).toBeNull();
  });
});
