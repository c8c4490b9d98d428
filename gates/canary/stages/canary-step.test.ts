import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../core/index.ts";
import type { CanarySignalRecord } from "../../../evidence/index.ts";
import { type CanaryPlan, USUAL_PLAN } from "../plan/canary-plan.ts";
import { type CanaryObservation, decide } from "./canary-step.ts";

const MINUTE_MS = 60_000;

/** A signal of which only its verdict matters. */
function signal(verdict: Verdict, isCritical = true): CanarySignalRecord {
  return {
    ...{ id: "api_latency_p95", title: "API P95", verdict, isCritical, reason: `API P95 is ${verdict}` },
    ...{ queries: [], unit: "s", sampleName: "requests", needed: 1, statistic: "", factor: null },
    ...{ limit: "", limitValue: null },
    stable: { samples: 1, value: 1 },
    candidate: { samples: 1, value: 1 },
  };
}

/** What is observed after so many minutes of a stage in which all is well, with changes. */
function atMinute(minutes: number, change: Partial<CanaryObservation> = {}): CanaryObservation {
  return {
    atMs: minutes * MINUTE_MS,
    signals: [signal("pass")],
    share: share("pass"),
    isBlind: false,
    firing: [],
    blindTriggers: [],
    restarts: { candidate: 0, stable: 0 },
    ...change,
  };
}

function share(verdict: "pass" | "inconclusive"): CanaryObservation["share"] {
  return {
    ...{ verdict, askedPercent: 1, measuredPercent: 1, low: 0.9, high: 1.1 },
    ...{ candidateRequests: 100, stableRequests: 9_900, reason: `the share is ${verdict}` },
  };
}

function decided(observation: CanaryObservation, plan: CanaryPlan = USUAL_PLAN, stageIndex = 0) {
  return decide(plan, { stageIndex, enteredAtMs: 0, blindSinceMs: null }, observation).decision;
}

describe("after a look, the canary", () => {
  it("waits for its stage's duration although all passes, then advances, and finishes after the last", () => {
    expect(decided(atMinute(14)).kind).toBe("wait");
    expect(decided(atMinute(15)).kind).toBe("advance");
    expect(decided(atMinute(15), USUAL_PLAN, 4).kind).toBe("wait");
    expect(decided(atMinute(30), USUAL_PLAN, 4).kind).toBe("finish");
  });

  it("rolls back at once when a trigger fires, a critical signal fails, or the candidate crashes again and again", () => {
    const firing = ["ApiLatencyP95High"];
    expect(decided(atMinute(1, { firing }))).toMatchObject({ kind: "roll-back", failed: firing });
    const signals = [signal("fail")];
    expect(decided(atMinute(1, { signals }))).toMatchObject({
      kind: "roll-back",
      failed: ["api_latency_p95"],
    });
    const crashing = { restarts: { candidate: 2, stable: 0 } };
    expect(decided(atMinute(1, crashing))).toMatchObject({ kind: "roll-back", failed: ["restarts"] });
  });

  it("does not blame the candidate for starts that the stable has as well, nor advances after one", () => {
    expect(decided(atMinute(1, { restarts: { candidate: 2, stable: 2 } })).kind).toBe("wait");
    expect(decided(atMinute(15, { restarts: { candidate: 1, stable: 0 } }))).toMatchObject({
      kind: "wait",
      reason: "the candidate started again during stage 1 %",
    });
  });

  it("rolls back for another signal at the end of the stage", () => {
    const signals = [signal("fail", false)];
    expect(decided(atMinute(14, { signals })).kind).toBe("wait");
    expect(decided(atMinute(15, { signals })).kind).toBe("roll-back");
  });

  it("waits up to the longest time for what is inconclusive, and then does as the plan says", () => {
    const signals = [signal("inconclusive")];
    expect(decided(atMinute(29, { signals })).kind).toBe("wait");
    expect(decided(atMinute(30, { signals }))).toMatchObject({ kind: "roll-back", failed: [] });
    const hold: CanaryPlan = { ...USUAL_PLAN, whenInconclusive: "hold" };
    expect(decided(atMinute(30, { signals }), hold).kind).toBe("hold");
  });

  it("ends when it has been blind for too long, and not when it sees again", () => {
    const position = { stageIndex: 0, enteredAtMs: 0, blindSinceMs: null };
    const blind = decide(USUAL_PLAN, position, atMinute(2, { isBlind: true, share: share("inconclusive") }));
    expect(blind.position.blindSinceMs).toBe(2 * MINUTE_MS);
    const still = decide(
      USUAL_PLAN,
      blind.position,
      atMinute(6, { isBlind: true, share: share("inconclusive") }),
    );
    expect(still.decision).toMatchObject({
      kind: "roll-back",
      reason: "nothing was measured for 4 min: the share is inconclusive",
    });
    expect(decide(USUAL_PLAN, blind.position, atMinute(6)).position.blindSinceMs).toBeNull();
  });

  it("does not take the silence of a trigger without data for health, unless the plan says that it has none here", () => {
    const blindTriggers = ["PgBouncerSaturated"];
    expect(decided(atMinute(15, { blindTriggers })).reason).toBe("no data for PgBouncerSaturated");
    const plan: CanaryPlan = { ...USUAL_PLAN, withoutTriggers: blindTriggers };
    expect(decided(atMinute(15, { blindTriggers }), plan).kind).toBe("advance");
  });

  it("never advances unless everything passes, whatever comes together", () => {
    const verdict = fc.constantFrom<Verdict>("pass", "fail", "inconclusive");
    const names = fc.subarray(["A", "B"]);
    const any = fc.record({
      minutes: fc.integer({ min: 0, max: 90 }),
      verdicts: fc.array(fc.tuple(verdict, fc.boolean()), { minLength: 1, maxLength: 8 }),
      shareVerdict: fc.constantFrom("pass" as const, "inconclusive" as const),
      firing: names,
      blindTriggers: names,
      isBlind: fc.boolean(),
      candidate: fc.nat(3),
    });
    fc.assert(
      fc.property(any, ({ minutes, verdicts, shareVerdict, candidate, ...rest }) => {
        const signals = verdicts.map(([each, isCritical]) => signal(each, isCritical));
        const restarts = { candidate, stable: 0 };
        const { kind } = decided(
          atMinute(minutes, { ...rest, signals, share: share(shareVerdict), restarts }),
        );
        const isAllWell =
          signals.every(({ verdict: each }) => each === "pass") &&
          shareVerdict === "pass" &&
          rest.firing.length + rest.blindTriggers.length + candidate === 0;
        if (kind === "advance" || kind === "finish") expect(isAllWell).toBe(true);
      }),
    );
  });
});
