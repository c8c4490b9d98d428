import { type Random, seededRandom } from "../../core/index.ts";
import type { CanaryLook } from "../../gates/canary/judge/growth.ts";
import { judgeLook, NEW_STAGE, type StageState } from "../../gates/canary/judge/stage-state.ts";
import type { CanaryPlan } from "../../gates/canary/plan/canary-plan.ts";
import { type CanaryDecision, type CanaryPosition, decide } from "../../gates/canary/stages/canary-step.ts";
import { type ArmBehavior, SOUND_ARM, simulatedLook } from "../../gates/canary/testing/simulated-arm.ts";

/** What is simulated: a candidate that differs from a sound platform. */
export interface Simulation {
  readonly plan: CanaryPlan;
  readonly change: Partial<ArmBehavior>;
  readonly requestsPerSecond: number;
}

/** How a simulated canary ended. */
export interface SimulatedEnd {
  readonly decision: CanaryDecision;
  readonly stage: string;
  /** Requests that the candidate answered until then. */
  readonly exposed: number;
  /** Minutes from the first stage's beginning. */
  readonly minutes: number;
  /** The looks of all stages, also of those after the end: other judges get the whole canary. */
  readonly stages: readonly (readonly CanaryLook[])[];
}

/** Carries out one canary with the judge's own code: the same stages, looks, tests and decisions. */
export function simulateCanary(simulation: Simulation, seed: number): SimulatedEnd {
  const random = seededRandom(seed);
  const { plan } = simulation;
  const stages: CanaryLook[][] = [];
  let atMs = 0;
  let exposed = 0;
  for (const [stageIndex, stage] of plan.stages.entries()) {
    let position: CanaryPosition = { stageIndex, enteredAtMs: atMs, blindSinceMs: null };
    let state: StageState = NEW_STAGE;
    const looks: CanaryLook[] = [];
    stages.push(looks);
    for (;;) {
      atMs += plan.lookMs;
      const look = nextLook(random, simulation, atMs, stage.sharePercent / 100);
      exposed += look.candidate.requests.kind === "measured" ? look.candidate.requests.value : 0;
      looks.push(look);
      const judged = judgeLook(state, look, plan, stage);
      state = judged.state;
      const { restarts } = state;
      const observation = { ...judged.verdicts, atMs, firing: [], blindTriggers: [], restarts };
      const step = decide(plan, position, observation);
      position = step.position;
      const { decision } = step;
      if (decision.kind === "advance") break;
      if (decision.kind === "wait") continue;
      const end = { decision, stage: stage.name, exposed, minutes: atMs / 60_000 };
      return {
        ...end,
        stages: [...stages.slice(0, -1), ...restOf(random, simulation, atMs, stageIndex, looks)],
      };
    }
  }
  throw new RangeError("expected the last stage to end the canary");
}

/** The looks of a stage up to its planned end, and of the stages after it. */
function restOf(
  random: Random,
  simulation: Simulation,
  sinceMs: number,
  stageIndex: number,
  begun: readonly CanaryLook[],
): readonly (readonly CanaryLook[])[] {
  const { stages, lookMs } = simulation.plan;
  let atMs = sinceMs;
  return stages.slice(stageIndex).map((stage, index) => {
    const looks = index === 0 ? [...begun] : [];
    while (looks.length * lookMs < stage.durationMs) {
      atMs += lookMs;
      looks.push(nextLook(random, simulation, atMs, stage.sharePercent / 100));
    }
    return looks;
  });
}

function nextLook(
  random: Random,
  { plan, change, requestsPerSecond }: Simulation,
  atMs: number,
  share: number,
) {
  return simulatedLook(random, {
    ...{ atMs, share, requests: Math.round((requestsPerSecond * plan.lookMs) / 1_000) },
    ...{ minutes: plan.lookMs / 60_000, stable: SOUND_ARM, candidate: { ...SOUND_ARM, ...change } },
  });
}
