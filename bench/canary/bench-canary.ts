import { CANARY_SIGNALS } from "../../gates/canary/judge/canary-signal.ts";
import { type CanaryPlan, USUAL_PLAN } from "../../gates/canary/plan/canary-plan.ts";
import { type ArmBehavior, SOUND_ARM } from "../../gates/canary/testing/simulated-arm.ts";
import { argoFails } from "./argo-judge.ts";
import { kayentaFails } from "./kayenta-judge.ts";
import { printKnownFailures } from "./known-failures.ts";
import { type SimulatedEnd, simulateCanary } from "./simulated-canary.ts";

const ALIKE_EACH_ROUND = 2_000;
const WORSE_EACH_ROUND = 20;
const ALIKE_RATE = 20;
const WORSE_RATE = 100;

/** No stage ends because it lacks samples, so that each canary is looked at up to 90 times. */
const EVERY_STAGE: CanaryPlan = {
  ...USUAL_PLAN,
  lookMs: 60_000,
  samples: Object.fromEntries(CANARY_SIGNALS.map(({ id }) => [id, 1])),
};

/** The sizes of regressions whose detection is measured. */
const REGRESSIONS: readonly { readonly title: string; readonly change: Partial<ArmBehavior> }[] = [
  ...[5, 10, 20, 30, 50].map((percent) => ({
    title: `latency +${percent} %`,
    change: { medianSeconds: SOUND_ARM.medianSeconds * (1 + percent / 100) },
  })),
  ...[0.1, 0.2, 0.5, 1, 2].map((percent) => ({
    title: `errors +${percent} %`,
    change: { errorRate: SOUND_ARM.errorRate + percent / 100 },
  })),
];

/**
 * Prints how often the judge rolls back a sound release, and what it finds of regressions, beside two other judges.
 *
 * @param only `alike`, `worse` or `known` for one of these.
 */
export function benchCanary(rounds: number, only: string): void {
  if (only === "" || only === "alike") benchAlike(rounds * ALIKE_EACH_ROUND);
  if (only === "" || only === "worse") benchWorse(rounds * WORSE_EACH_ROUND);
  if (only === "" || only === "known") printKnownFailures();
}

function benchAlike(canaries: number): void {
  console.log(
    `canary: ${canaries} canaries of two equal arms, ${ALIKE_RATE} requests a second, all five stages`,
  );
  const began = performance.now();
  const counts = { ours: 0, kayenta: 0, argo: 0, undecided: 0 };
  for (let seed = 1; seed <= canaries; seed++) {
    const end = simulateCanary({ plan: EVERY_STAGE, change: {}, requestsPerSecond: ALIKE_RATE }, seed);
    if (end.decision.failed.length > 0) counts.ours += 1;
    else if (end.decision.kind !== "finish") counts.undecided += 1;
    if (end.stages.some(kayentaFails)) counts.kayenta += 1;
    if (end.stages.some(argoFails)) counts.argo += 1;
  }
  const seconds = (performance.now() - began) / 1_000;
  const of = (count: number) => share(count, canaries);
  console.log(
    `  rolled back although sound: kanit ${of(counts.ours)}, Kayenta's rules ${of(counts.kayenta)}, Argo's conditions ${of(counts.argo)}`,
  );
  console.log(`  ended undecided: kanit ${of(counts.undecided)} (${seconds.toFixed(0)} s)`);
}

function benchWorse(canaries: number): void {
  console.log(`canary: ${canaries} canaries of each regression, ${WORSE_RATE} requests a second`);
  console.log(
    "| regression | kanit finds | at stage (half of them) | minutes | requests exposed | Kayenta | Argo |",
  );
  console.log("|---|---|---|---|---|---|---|");
  for (const { title, change } of REGRESSIONS) {
    const ends = Array.from({ length: canaries }, (_, seed) =>
      simulateCanary({ plan: EVERY_STAGE, change, requestsPerSecond: WORSE_RATE }, 100_000 + seed),
    );
    console.log(regressionLine(title, ends));
  }
}

function regressionLine(title: string, ends: readonly SimulatedEnd[]): string {
  const found = ends.filter(({ decision }) => decision.failed.length > 0);
  const middle = [...found].sort((a, b) => a.minutes - b.minutes)[Math.floor(found.length / 2)];
  const others = (fails: typeof kayentaFails) =>
    share(ends.filter(({ stages }) => stages.some(fails)).length, ends.length);
  const cells = [
    title,
    share(found.length, ends.length),
    middle === undefined ? "–" : `${middle.stage} %`,
    middle === undefined ? "–" : middle.minutes.toFixed(0),
    middle === undefined ? "–" : String(middle.exposed),
    others(kayentaFails),
    others(argoFails),
  ];
  return `| ${cells.join(" | ")} |`;
}

function share(part: number, all: number): string {
  return `${((100 * part) / all).toFixed(part === 0 || part === all ? 0 : 2)} %`;
}
