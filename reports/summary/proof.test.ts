import { describe, expect, it } from "vitest";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { firedPhrase, proofOf, proofPhrases, proofSentence } from "./proof.ts";

const runOf = (...scenarios: ScenarioRecord[]): RunRecord => ({
  ...fixtureRun(),
  scenarios,
  verdict: "pass",
});
const calm = fixtureScenario("steady-state");
const slow = fixtureScenario("db-latency");
const bare: ScenarioRecord = { ...calm, triggers: [], checks: [] };

describe("the proof of a pass", () => {
  it("states nothing that was not measured", () => {
    expect(proofSentence(runOf(bare))).toBe("The hypothesis of steady-state held.");
    expect(proofSentence(runOf(bare, bare))).toBe("All 2 hypotheses held.");
    expect(proofPhrases(runOf(bare))).toEqual([]);
  });

  it("states when there was no fault", () => {
    expect(proofSentence(runOf(calm))).toBe(
      "The hypothesis of steady-state held: without any fault, no invariant broke in 2 checks on 2,104 orders and no trigger " +
        "raised a false alarm.",
    );
  });

  it("names the slowest trigger's delay, and in how many scenarios service recovered", () => {
    expect(proofSentence(runOf(slow))).toBe(
      "The hypothesis of db-latency held: under 1 fault, no invariant broke in 2 checks on 2,104 orders, the expected trigger fired " +
        "within 2.8 s of the fault, no trigger raised a false alarm, and service recovered.",
    );
    const unrecovered = { ...slow, checks: slow.checks.filter(({ kind }) => kind !== "recovery") };
    expect(proofSentence(runOf(slow, unrecovered))).toMatch(/and service recovered in 1 of 2 scenarios\.$/);
    expect(proofSentence(runOf(slow, slow))).toMatch(/and service recovered every time\.$/);
  });

  it("does not count checks that did not pass, nor triggers that were only allowed to fire", () => {
    const checks = slow.checks.map((check) => ({ ...check, verdict: "inconclusive" as const }));
    const triggers = slow.triggers.map((trigger) => ({ ...trigger, expected: "either" as const }));
    const { invariants, recovered, fired } = proofOf(runOf({ ...slow, checks, triggers }));
    expect({ invariants, recovered, fired }).toEqual({ invariants: 0, recovered: 0, fired: 0 });
    expect(firedPhrase({ ...slow, triggers })).toBe("");
  });

  it("does not deny a false alarm", () => {
    const triggers = slow.triggers.map((trigger) => ({ ...trigger, expected: "quiet" as const }));
    expect(proofOf(runOf({ ...slow, triggers })).isFreeOfFalseAlarms).toBe(false);
    expect(proofPhrases(runOf({ ...slow, triggers })).join()).not.toContain("false alarm");
  });
});
