import { seededRandom } from "../../core/index.ts";
import type { ArmLook, CanaryLook, Growth, Measured } from "../../gates/canary/judge/growth.ts";
import { judgeLook, NEW_STAGE, type StageState } from "../../gates/canary/judge/stage-state.ts";
import { type CanaryStage, USUAL_PLAN } from "../../gates/canary/plan/canary-plan.ts";
import { decide } from "../../gates/canary/stages/canary-step.ts";
import { type ArmBehavior, SOUND_ARM, simulatedLook } from "../../gates/canary/testing/simulated-arm.ts";
import { argoFails } from "./argo-judge.ts";
import { kayentaFails } from "./kayenta-judge.ts";

/** A stage as it was in a case that is known from elsewhere, and what is right. */
interface KnownCase {
  readonly title: string;
  readonly isRight: "passes" | "does not pass";
  readonly look: (index: number) => CanaryLook;
}

const LOOKS = 60;
const REQUESTS = 1_500;
const HALF: CanaryStage = USUAL_PLAN.stages.find(({ name }) => name === "50") ?? unknownStage();

function unknownStage(): never {
  throw new RangeError("expected a stage of 50 %");
}

/** Prints what each judge says of each case. */
export function printKnownFailures(): void {
  console.log("| one stage of 50 % | right is | kanit | Kayenta | Argo |");
  console.log("|---|---|---|---|---|");
  for (const { title, isRight, look } of CASES) {
    const looks = Array.from({ length: LOOKS }, (_, index) => look(index + 1));
    const others = [kayentaFails, argoFails].map((fails) => (fails(looks) ? "fails" : "passes"));
    console.log(`| ${[title, isRight, ours(looks), ...others].join(" | ")} |`);
  }
}

/** Judges the looks as a canary would; what is still waited for at the last one is inconclusive. */
function ours(looks: readonly CanaryLook[]): string {
  let state: StageState = NEW_STAGE;
  const position = { stageIndex: USUAL_PLAN.stages.indexOf(HALF), enteredAtMs: 0, blindSinceMs: null };
  for (const look of looks) {
    const judged = judgeLook(state, look, USUAL_PLAN, HALF);
    state = judged.state;
    const { restarts } = state;
    const observed = { ...judged.verdicts, atMs: look.atMs, firing: [], blindTriggers: [], restarts };
    const { decision } = decide(USUAL_PLAN, position, observed);
    if (decision.kind === "advance") return "passes";
    if (decision.kind !== "wait") return decision.failed.length > 0 ? "fails" : "inconclusive";
  }
  return "inconclusive";
}

/** A look at 50 %, with how both arms behave. */
function lookAt(seed: number, stable: Partial<ArmBehavior>, candidate: Partial<ArmBehavior>, share = 0.5) {
  const random = seededRandom(seed);
  return (index: number): CanaryLook =>
    simulatedLook(random, {
      ...{ atMs: index * USUAL_PLAN.lookMs, requests: REQUESTS, share, minutes: 0.25 },
      ...{ stable: { ...SOUND_ARM, ...stable }, candidate: { ...SOUND_ARM, ...candidate } },
    });
}

function changed(arm: ArmLook, id: string, growth: Measured<Growth>): ArmLook {
  return { ...arm, growths: { ...arm.growths, [id]: growth } };
}

const sound = lookAt(1, {}, {});
const noErrors = lookAt(2, { errorRate: 0 }, { errorRate: 0 });
const silent = lookAt(3, {}, {}, 0);
const badMinutes = lookAt(4, { medianSeconds: 0.07 }, { medianSeconds: 0.07 });
const unknown: Measured<Growth> = { kind: "unknown", why: "the query failed" };

const CASES: readonly KnownCase[] = [
  { title: "two equal arms", isRight: "passes", look: sound },
  {
    title: "sparse errors against zeros (kayenta#426)",
    isRight: "does not pass",
    look: (index) => {
      const look = noErrors(index);
      const growth: Growth = { kind: "share", bad: index % 3 === 0 ? 1 : 0, total: 750, byRoute: {} };
      return {
        ...look,
        candidate: changed(look.candidate, "http_errors", { kind: "measured", value: growth }),
      };
    },
  },
  {
    title: "every query for errors fails (argo-rollouts#4479)",
    isRight: "does not pass",
    look: (index) => {
      const look = sound(index);
      return { ...look, candidate: changed(look.candidate, "http_errors", unknown) };
    },
  },
  {
    title: "no request reaches the candidate after a third (flagger#1011)",
    isRight: "does not pass",
    look: (index) => (index <= LOOKS / 3 ? sound(index) : silent(index)),
  },
  {
    title: "ten bad minutes of the database, in both arms",
    isRight: "passes",
    look: (index) => (index <= 20 ? sound(index) : badMinutes(index)),
  },
  {
    title: "errors tripled, and within the limit",
    isRight: "does not pass",
    look: lookAt(5, { errorRate: 0.002 }, { errorRate: 0.006 }),
  },
];
