import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../core/index.ts";
import type { CanarySignalRecord } from "../../../evidence/index.ts";
import { type CanaryPlan, type CanaryStage, USUAL_PLAN } from "../plan/canary-plan.ts";
import { type CanaryDecision, type CanaryPosition, decide } from "../stages/canary-step.ts";
import { type ArmBehavior, SOUND_ARM, simulatedLook } from "../testing/simulated-arm.ts";
import type { ArmLook, CanaryLook, Growth } from "./growth.ts";
import { judgeLook, NEW_STAGE, type StageState, type StageVerdicts } from "./stage-state.ts";

const LOOK_MS = USUAL_PLAN.lookMs;
const [FIRST, SECOND, , HALF] = USUAL_PLAN.stages as [CanaryStage, CanaryStage, CanaryStage, CanaryStage];

interface Told {
  readonly decision: CanaryDecision;
  readonly verdicts: StageVerdicts;
  readonly looks: number;
}

/** Shows looks to the judge until it decides something else than to wait. */
function judge(
  looks: (index: number) => CanaryLook,
  stage: CanaryStage,
  plan: CanaryPlan = USUAL_PLAN,
): Told {
  let state: StageState = NEW_STAGE;
  let position: CanaryPosition = {
    stageIndex: plan.stages.indexOf(stage),
    enteredAtMs: 0,
    blindSinceMs: null,
  };
  for (let index = 1; ; index++) {
    const judged = judgeLook(state, looks(index), plan, stage);
    state = judged.state;
    const observed = { ...judged.verdicts, atMs: index * LOOK_MS, firing: [], blindTriggers: [] };
    const step = decide(plan, position, { ...observed, restarts: state.restarts });
    position = step.position;
    if (step.decision.kind !== "wait")
      return { decision: step.decision, verdicts: judged.verdicts, looks: index };
  }
}

/** Both arms as they are simulated, with 100 requests a second. */
function simulated(stage: CanaryStage, change: Partial<ArmBehavior>, requests = 100 * (LOOK_MS / 1_000)) {
  const random = seededRandom(1);
  return (index: number): CanaryLook =>
    simulatedLook(random, {
      ...{ atMs: index * LOOK_MS, requests, share: stage.sharePercent / 100, minutes: LOOK_MS / 60_000 },
      ...{ stable: SOUND_ARM, candidate: { ...SOUND_ARM, ...change } },
    });
}

/** Replaces what one arm measured for a signal. */
function with_(arm: ArmLook, id: string, growth: Growth | string): ArmLook {
  const measured =
    typeof growth === "string"
      ? ({ kind: "unknown", why: growth } as const)
      : ({ kind: "measured", value: growth } as const);
  return { ...arm, growths: { ...arm.growths, [id]: measured } };
}

const signalIn = ({ verdicts }: Told, id: string): CanarySignalRecord =>
  verdicts.signals.find((each) => each.id === id) ?? expect.fail(`no verdict on ${id}`);

describe("what other judges get wrong", () => {
  it("kayenta#780: most samples a hundred times slower fail, and not merely differ", () => {
    const base = simulated(SECOND, {});
    const outcome = judge((index) => {
      const look = base(index);
      const { histogram } =
        look.candidate.growths.api_latency_p95?.kind === "measured" &&
        look.candidate.growths.api_latency_p95.value.kind === "durations"
          ? look.candidate.growths.api_latency_p95.value
          : expect.fail("no histogram");
      const all = histogram.counts.reduce((sum, count) => sum + count, 0);
      const slow = Math.round(0.7 * all);
      const counts = histogram.counts.map((count, bucket) =>
        bucket === 14 ? slow : Math.round(count * 0.3),
      );
      const growth: Growth = { kind: "durations", histogram: { ...histogram, counts }, byRoute: {} };
      return { ...look, candidate: with_(look.candidate, "api_latency_p95", growth) };
    }, SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: ["api_latency_p95"] });
    expect(outcome.looks).toBeLessThanOrEqual(3);
  });

  it("kayenta#426: sparse errors against zeros fail", () => {
    const base = simulated(HALF, { errorRate: 0 });
    const outcome = judge((index) => {
      const look = base(index);
      const none = { kind: "share", bad: 0, total: 750, byRoute: {} } as const;
      const sparse = { ...none, bad: index % 2 };
      return {
        ...look,
        stable: with_(look.stable, "http_errors", none),
        candidate: with_(look.candidate, "http_errors", sparse),
      };
    }, HALF);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: ["http_errors"] });
  });

  it("kayenta#799: errors that only the candidate has fail", () => {
    const base = simulated(SECOND, { errorRate: 0.02 });
    const outcome = judge((index) => {
      const look = base(index);
      return {
        ...look,
        stable: with_(look.stable, "http_errors", { kind: "share", bad: 0, total: 1_425, byRoute: {} }),
      };
    }, SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: ["http_errors"] });
  });

  it("kayenta#521: each verdict has query, samples of both arms, statistic, interval and limit", () => {
    const outcome = judge(simulated(SECOND, { medianSeconds: 0.06 }), SECOND);
    const latency = signalIn(outcome, "api_latency_p95");
    expect(latency.verdict).toBe("fail");
    expect(latency.queries[0]).toBe('http_request_duration_seconds_bucket{route!~"/metrics|/api/healthz"}');
    expect(latency.candidate.samples).toBeGreaterThan(0);
    expect(latency.stable.samples).toBeGreaterThan(latency.candidate.samples);
    expect(latency.statistic).toMatch(/^log-rank test 10\^\d+\.\d against the stable.*fails from 10\^3\.9$/);
    expect(latency.factor?.low).toBeGreaterThan(1);
    expect(latency.limit).toBe("at most 200 ms");
  });

  it("kayenta#744: the values that are shown are those that were tested", () => {
    const base = simulated(SECOND, {});
    const growth: Growth = { kind: "share", bad: 30, total: 100, byRoute: {} };
    const outcome = judge((index) => {
      const look = base(index);
      return { ...look, candidate: with_(look.candidate, "http_errors", growth) };
    }, SECOND);
    const { candidate, reason } = signalIn(outcome, "http_errors");
    expect(candidate).toEqual({ samples: 100 * outcome.looks, value: 0.3 });
    expect(reason).toContain("30 %");
  });

  it("argo-rollouts#4479: a stage whose every measurement errored does not succeed", () => {
    const base = simulated(SECOND, {});
    const outcome = judge(
      (index) => {
        const look = base(index);
        return { ...look, candidate: with_(look.candidate, "http_errors", "Prometheus answered 503") };
      },
      SECOND,
      { ...USUAL_PLAN, whenInconclusive: "hold" },
    );
    expect(outcome.decision.kind).toBe("hold");
    expect(outcome.decision.reason).toContain("Prometheus answered 503");
    expect(signalIn(outcome, "http_errors").verdict).toBe("inconclusive");
  });

  it("argo-rollouts#1411: a failed signal stops the rollout, and is not overwritten by later good looks", () => {
    const plan: CanaryPlan = { ...USUAL_PLAN, critical: [] };
    const [bad, good] = [simulated(SECOND, { errorRate: 0.3 }), simulated(SECOND, {})];
    const outcome = judge((index) => (index < 6 ? bad(index) : good(index)), SECOND, plan);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: ["http_errors"] });
    expect(outcome.looks * LOOK_MS).toBe(SECOND.durationMs);
  });

  it("argo-rollouts#1591: the query is shown as it was asked", () => {
    const outcome = judge(simulated(SECOND, { errorRate: 0.5 }), SECOND);
    expect(signalIn(outcome, "http_errors").queries).toEqual([
      'http_requests_total{route!~"/metrics|/api/healthz"}',
    ]);
  });

  it("argo-rollouts#3503: an empty result is unknown, whatever the provider makes of it", () => {
    const base = simulated(SECOND, {});
    const outcome = judge((index) => {
      const look = base(index);
      return { ...look, candidate: with_(look.candidate, "idempotency_conflicts", "no series") };
    }, SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: [] });
    expect(outcome.decision.reason).toContain("is inconclusive after 30 min");
  });

  it("flagger#1011: a candidate whose traffic stops does not advance", () => {
    const base = simulated(SECOND, {});
    const silent = simulated({ ...SECOND, sharePercent: 0 }, {});
    const outcome = judge((index) => (index < 40 ? base(index) : silent(index)), SECOND, {
      ...USUAL_PLAN,
      whenInconclusive: "hold",
    });
    expect(outcome.decision.kind).toBe("hold");
    expect(outcome.decision.reason).toContain("no request reached the candidate");
  });

  it("flagger#1353, #1035: without any traffic it is inconclusive after the longest blindness, and never passes", () => {
    const outcome = judge(simulated(SECOND, {}, 0), SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: [] });
    expect(outcome.looks * LOOK_MS).toBeLessThanOrEqual(USUAL_PLAN.longestBlindMs + 2 * LOOK_MS);
    expect(outcome.decision.reason).toContain("no request reached either arm");
  });
});

describe("a canary", () => {
  it.each([SECOND, HALF])("of two equal arms advances from $name % after its duration", (stage) => {
    const outcome = judge(simulated(stage, {}), stage);
    expect(outcome.decision.reason).toBe(`all 8 signals pass at ${stage.name} %`);
    expect(outcome.decision.kind).toBe("advance");
    expect(outcome.looks * LOOK_MS).toBe(stage.durationMs);
  });

  it("with too few requests waits up to the longest time, and then never advances", () => {
    const outcome = judge(simulated(FIRST, {}), FIRST);
    expect(outcome.looks * LOOK_MS).toBe(FIRST.longestMs);
    expect(outcome.decision.kind).toBe("roll-back");
    expect(outcome.decision.reason).toMatch(/has \d+ of \d+ needed requests/);
  });

  it("that suffers an outage together with the stable is not blamed by the comparison", () => {
    const outage = { errorRate: 0.005 };
    const random = seededRandom(2);
    const outcome = judge(
      (index) =>
        simulatedLook(random, {
          ...{ atMs: index * LOOK_MS, requests: 1_500, share: 0.05, minutes: 0.25 },
          ...{ stable: { ...SOUND_ARM, ...outage }, candidate: { ...SOUND_ARM, ...outage } },
        }),
      SECOND,
    );
    expect(outcome.decision.kind).toBe("advance");
  });

  it("whose feeds are stale while the stable's are not is rolled back", () => {
    const outcome = judge(simulated(SECOND, { stalenessSeconds: 45 }), SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: ["feed_staleness"] });
    expect(outcome.looks).toBe(2);
  });

  /** Durations of a fast and of a slow route, so many of each. */
  function routes(fast: number, slow: number, isSlower = false): Growth {
    const upperBounds = [0.05, 0.1, Infinity];
    const of = (counts: readonly number[]) => ({ upperBounds, counts, sum: 1 });
    const [a, b] = [of([fast, 0, 0]), of(isSlower ? [0, slow / 2, slow / 2] : [0, slow, 0])];
    const counts = a.counts.map((count, index) => count + (b.counts[index] ?? 0));
    return { kind: "durations", histogram: of(counts), byRoute: { "GET /fast": a, "POST /slow": b } };
  }

  it("whose arms are asked for other things is compared route by route", () => {
    const base = simulated(SECOND, {});
    const outcome = judge((index) => {
      const look = base(index);
      const candidate = with_(look.candidate, "api_latency_p95", routes(15, 60));
      return { ...look, candidate, stable: with_(look.stable, "api_latency_p95", routes(1_200, 225)) };
    }, SECOND);
    expect(outcome.decision.kind).toBe("advance");
  });

  it("that is slower on one route only is found, where it has a tenth of the requests", () => {
    const base = simulated(SECOND, {});
    const outcome = judge((index) => {
      const look = base(index);
      const candidate = with_(look.candidate, "api_latency_p95", routes(65, 10, true));
      return { ...look, candidate, stable: with_(look.stable, "api_latency_p95", routes(1_235, 190)) };
    }, SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: ["api_latency_p95"] });
    expect(outcome.looks).toBeLessThan(20);
  });

  it("whose arms count in other buckets, or in others than before, is not judged by them", () => {
    const base = simulated(SECOND, {});
    const others: Growth = {
      kind: "durations",
      histogram: { upperBounds: [0.3, Infinity], counts: [70, 5], sum: 9 },
      byRoute: {},
    };
    const outcome = judge((index) => {
      const look = base(index);
      if (index < 10) return look;
      const candidate = with_(look.candidate, "api_latency_p95", others);
      const stable = index < 20 ? look.stable : with_(look.stable, "api_latency_p95", others);
      return { ...look, candidate, stable };
    }, SECOND);
    expect(outcome.decision).toMatchObject({ kind: "roll-back", failed: [] });
    expect(outcome.decision.reason).toContain("its buckets are others than at the beginning of the stage");
  });

  it("that gets another share than the asked one does not advance", () => {
    const outcome = judge(simulated({ ...SECOND, sharePercent: 20 }, {}), SECOND);
    expect(outcome.decision.reason).toMatch(/gets 20(\.\d)? % of the requests and not the asked 5 %/);
    expect(outcome.decision.failed).toEqual([]);
  });

  it.each([FIRST, SECOND, HALF])(
    "that counts every second request only does not advance at $name %",
    (stage) => {
      const half = (100 * stage.sharePercent) / (200 - stage.sharePercent);
      const outcome = judge(simulated({ ...stage, sharePercent: half }, {}, 6_000), stage);
      expect(outcome.decision.reason).toMatch(/of the requests and not the asked/);
      expect(outcome.decision.failed).toEqual([]);
    },
  );
});
