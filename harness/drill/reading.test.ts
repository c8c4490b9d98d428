import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TriggerChange, TriggerState } from "../../signals/index.ts";
import { readRule } from "./reading.ts";

const FROM_MS = 1_000;
const TO_MS = 20_000;

function read(...changes: readonly (readonly [atMs: number, state: TriggerState])[]) {
  const history = changes.map(([atMs, state]): TriggerChange => ({ atMs, state, value: undefined }));
  return readRule({ history, failures: [] }, FROM_MS, TO_MS);
}

describe("what a rule did after the fault", () => {
  it("is that it fired, with the delays from the fault and from when its expression first held", () => {
    expect(read([0, "inactive"], [1_500, "pending"], [4_500, "firing"])).toEqual({
      kind: "fired",
      trueAfterMs: 500,
      firedAfterMs: 3_500,
      interruptions: 0,
    });
  });

  it("is that it fired immediately, when the rule has no waiting time", () => {
    expect(read([0, "inactive"], [2_000, "firing"])).toMatchObject({
      trueAfterMs: 1_000,
      firedAfterMs: 1_000,
    });
  });

  it("counts how often the expression stopped holding before it fired", () => {
    const reading = read(
      [0, "inactive"],
      [1_500, "pending"],
      [2_000, "inactive"],
      [2_250, "pending"],
      [2_500, "no-data"],
      [2_750, "pending"],
      [5_750, "firing"],
    );
    expect(reading).toMatchObject({ kind: "fired", trueAfterMs: 500, interruptions: 2 });
  });

  it("is not attributed to the fault when it held before and continued", () => {
    expect(read([0, "inactive"], [500, "pending"], [3_500, "firing"])).toEqual({ kind: "true-before" });
    expect(read([500, "firing"])).toEqual({ kind: "true-before" });
  });

  it("starts again when what held before had stopped", () => {
    const reading = read([500, "pending"], [1_500, "inactive"], [2_000, "pending"], [5_000, "firing"]);
    expect(reading).toMatchObject({ kind: "fired", trueAfterMs: 1_000, firedAfterMs: 4_000 });
  });

  it("is how long it held at most, when that was too short to fire", () => {
    const reading = read([0, "inactive"], [2_000, "pending"], [3_000, "inactive"], [18_000, "pending"]);
    expect(reading).toEqual({ kind: "held", trueAfterMs: 1_000, longestMs: 2_000 });
  });

  it("distinguishes a quiet rule from one without data and one that could not be evaluated", () => {
    expect(read([0, "inactive"])).toEqual({ kind: "quiet" });
    expect(read([0, "no-data"])).toEqual({ kind: "no-data" });
    expect(read()).toEqual({ kind: "no-data" });
    const failures = [{ atMs: 1_500, error: new Error("many-to-many") }];
    expect(readRule({ history: [], failures }, FROM_MS, TO_MS)).toEqual({
      kind: "failed",
      why: "many-to-many",
    });
  });

  it("never says fired without a change to firing after the fault", () => {
    const states = fc.constantFrom<TriggerState>("no-data", "inactive", "pending", "firing");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(19_000), states), { maxLength: 12 }), (changes) => {
        const sorted = changes.toSorted(([one], [other]) => one - other);
        const firesAfter = sorted.some(([atMs, state]) => atMs >= FROM_MS && state === "firing");
        const reading = read(...sorted);
        expect(reading.kind === "fired" && !firesAfter).toBe(false);
        if (reading.kind === "fired")
          expect(reading.firedAfterMs).toBeGreaterThanOrEqual(reading.trueAfterMs);
      }),
    );
  });
});
