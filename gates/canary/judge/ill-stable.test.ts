import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../core/index.ts";
import { type CanaryStage, USUAL_PLAN } from "../plan/canary-plan.ts";
import { type ArmBehavior, SOUND_ARM, simulatedLook } from "../testing/simulated-arm.ts";
import { judgeLook, NEW_STAGE, type StageState } from "./stage-state.ts";

const STAGE = USUAL_PLAN.stages[1] as CanaryStage;
const LOOKS = STAGE.durationMs / USUAL_PLAN.lookMs;
/** Far slower than any limit. */
const ILL: Partial<ArmBehavior> = { medianSeconds: 0.3 };

/** The latency's verdict after a whole stage whose stable is ill. */
function latencyBeside(candidate: Partial<ArmBehavior>) {
  const random = seededRandom(3);
  let state: StageState = NEW_STAGE;
  for (let index = 1; ; index++) {
    const look = simulatedLook(random, {
      ...{ atMs: index * USUAL_PLAN.lookMs, requests: 1_500, share: STAGE.sharePercent / 100, minutes: 0.25 },
      ...{ stable: { ...SOUND_ARM, ...ILL }, candidate: { ...SOUND_ARM, ...candidate } },
    });
    const judged = judgeLook(state, look, USUAL_PLAN, STAGE);
    state = judged.state;
    const latency = judged.verdicts.signals.find(({ id }) => id === "api_latency_p95");
    if (latency === undefined) return expect.fail("no verdict on the latency");
    if (index === LOOKS) return latency;
  }
}

describe("a candidate beside a stable that is beyond the limit itself", () => {
  it.each([0.3, 0.3 * 0.98])("is inconclusive in its noise (median %d s)", (medianSeconds) => {
    const { verdict, reason } = latencyBeside({ medianSeconds });
    expect(verdict).toBe("inconclusive");
    expect(reason).toMatch(
      /is not shown to differ from the stable's \d+ ms, which is beyond the limit itself$/,
    );
  });

  it("fails when it is worse", () => {
    expect(latencyBeside({ medianSeconds: 0.6 }).verdict).toBe("fail");
  });

  it("passes when it is better and within the limit, as a fix", () => {
    expect(latencyBeside({}).verdict).toBe("pass");
  });
});
