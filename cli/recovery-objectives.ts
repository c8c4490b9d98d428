import { UsageError } from "../core/index.ts";
import { readReleaseDefinition } from "../definition/index.ts";
import type { CommandContext } from "./context.ts";

const MS_PER_SECOND = 1_000;

/** What a release file allows; null without one. */
export async function objectivesOf(file: string | null, { environment }: CommandContext) {
  if (file === null) return null;
  const { recovery } = await readReleaseDefinition(file, environment.variable);
  if (recovery !== null)
    return {
      pointMs: recovery.pointSeconds * MS_PER_SECOND,
      timeMs: recovery.timeSeconds * MS_PER_SECOND,
    };
  throw new UsageError({
    code: "no-recovery-objectives",
    message: `Expected ${file} to say what a restore has to come to, but it has no section recovery.`,
    nextStep: "Add it: recovery: { pointSeconds: 60, timeSeconds: 300 }.",
  });
}
