import { hashText } from "../../core/index.ts";
import type { ExperimentRecord } from "../experiment/experiment-record.ts";
import type { Plan } from "../plan/plan.ts";
import type { Reproduction } from "../reproduction.ts";
import type { Rate } from "./rate.ts";
import { shrink } from "./shrink.ts";
import { hasSignature, type Signature, textOf } from "./signature.ts";
import { storyOf, timelineOf } from "./tell-story.ts";

/** How often a failure is repeated to learn its rate. */
const REPEATS = 3;

export interface Investigation {
  readonly signature: Signature;
  readonly experiment: number;
  readonly seed: number;
  readonly platform: string;
  readonly run: (plan: Plan) => Promise<ExperimentRecord>;
  readonly isOver: () => boolean;
  /** Called with the best so far, each time that there is a better one. */
  readonly keep: (reproduction: Reproduction) => Promise<void>;
}

/** Repeats a failed experiment, leaves out of it what is not needed, and returns what repeats it. */
export async function investigate(
  failed: ExperimentRecord,
  { signature, experiment, seed, platform, run, isOver, keep }: Investigation,
): Promise<Reproduction> {
  let last = failed;
  const fails = async (plan: Plan) => {
    const record = await run(plan);
    const isSame = hasSignature(record.checks, signature);
    if (isSame) last = record;
    return isSame;
  };
  const rateOf = async (plan: Plan, known: Rate): Promise<Rate> => {
    let { hits, runs } = known;
    for (let repeat = 0; repeat < REPEATS && !isOver(); repeat++) {
      runs += 1;
      if (await fails(plan)) hits += 1;
    }
    return { hits, runs };
  };
  const describe = (plan: Plan, rates: Reproduction["rates"], isMinimal: boolean): Reproduction => ({
    format: "kanit.reproduction/1",
    name: nameOf(signature),
    ...{ signature, platform, experiment, seed, rates, isMinimal, plan },
    story: storyOf(plan, signature),
    command: "",
    sizes: { found: sizes(failed.plan), shrunk: sizes(plan) },
    findings: last.checks
      .filter(({ verdict }) => verdict === "fail")
      .map((each) => `${each.name}: ${each.received}`),
    timeline: timelineOf(last),
  });
  await keep(describe(failed.plan, { found: ONCE, shrunk: ONCE }, false));
  const found = await rateOf(failed.plan, ONCE);
  // What never failed again cannot be made smaller: no run would show whether it is still there.
  if (found.hits === 1 && found.runs > 1) return describe(failed.plan, { found, shrunk: found }, false);
  const shrunk = await shrink(failed.plan, {
    ...{ fails, rate: found, isOver },
    onSmaller: (plan) => keep(describe(plan, { found, shrunk: ONCE }, false)),
  });
  const rate = shrunk.plan === failed.plan ? found : await rateOf(shrunk.plan, { hits: 0, runs: 0 });
  return describe(shrunk.plan, { found, shrunk: rate.runs === 0 ? ONCE : rate }, shrunk.isMinimal);
}

const ONCE: Rate = { hits: 1, runs: 1 };

function sizes({ steps, faults }: Plan): readonly number[] {
  return [steps.length, faults.length];
}

/** The check, and digits by which failures of one check differ. */
function nameOf(signature: Signature): string {
  const words = signature.check
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return `${words}-${hashText(textOf(signature)).toString(16).padStart(8, "0").slice(0, 4)}`;
}
