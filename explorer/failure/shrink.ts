import type { Plan } from "../plan/plan.ts";
import { acceptanceFor, type Rate } from "./rate.ts";
import { simplerThan } from "./simplify.ts";

export interface ShrinkContext {
  /** Runs an experiment, and returns whether it failed with the same signature. */
  readonly fails: (plan: Plan) => Promise<boolean>;
  /** How often the experiment failed before it was shrunk. */
  readonly rate: Rate;
  /** Whether time is over; the best so far is the result then. */
  readonly isOver: () => boolean;
  /** Called with each smaller experiment that fails. */
  readonly onSmaller: (plan: Plan) => Promise<void>;
}

/** The smallest experiment that was found to fail, and how many runs that took. */
export interface Shrunk {
  readonly plan: Plan;
  readonly runs: number;
  /** Whether nothing more can be left out, by what was tried; false when time was over. */
  readonly isMinimal: boolean;
}

/**
 * Leaves out of a failing experiment what is not needed for its failure. Real processes are not deterministic, so a
 * smaller experiment counts only when it fails at a comparable rate.
 */
export async function shrink(plan: Plan, context: ShrinkContext): Promise<Shrunk> {
  let best = plan;
  let runs = 0;
  const tried = new Set([textOf(plan)]);
  const failsOften = async (candidate: Plan): Promise<boolean> => {
    const needed = acceptanceFor(context.rate);
    let hits = 0;
    for (let run = 1; run <= needed.runs && !context.isOver(); run++) {
      runs += 1;
      if (await context.fails(candidate)) hits += 1;
      if (hits >= needed.hits) return true;
      if (hits + needed.runs - run < needed.hits) return false;
    }
    return false;
  };
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of simplerThan(best)) {
      if (context.isOver()) return { plan: best, runs, isMinimal: false };
      if (tried.has(textOf(candidate))) continue;
      tried.add(textOf(candidate));
      if (!(await failsOften(candidate))) continue;
      best = candidate;
      isSmaller = true;
      await context.onSmaller(best);
      break;
    }
  }
  return { plan: best, runs, isMinimal: !context.isOver() };
}

function textOf(plan: Plan): string {
  return JSON.stringify(plan);
}
