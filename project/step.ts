import { ordinaryCircumstances, type StepCircumstances } from "./step-circumstances.ts";

/** The result of a step of `npm test`. */
export interface StepCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and why, to be printed at the end of the output, which a truncated log still contains. */
  readonly failures: readonly string[];
}

/** One step of `npm test`. */
export interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly count: (exitCode: number) => Promise<StepCount>;
  /** Evaluated when its turn comes. */
  readonly circumstances: () => Promise<StepCircumstances>;
}

/** A step whose tool passes or fails as a whole. */
export function toolStep(name: string, ...command: Step["command"]): Step {
  return {
    name,
    command,
    circumstances: ordinaryCircumstances,
    count: async (exitCode) =>
      exitCode === 0
        ? { passed: 1, failed: 0, skipped: 0, failures: [] }
        : { passed: 0, failed: 1, skipped: 0, failures: ["see its output above"] },
  };
}
