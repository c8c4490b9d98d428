import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

const stepTimes = z.record(z.string(), z.number().positive());

/** How long each step took when it last passed, by its name. */
export type StepTimes = Readonly<z.infer<typeof stepTimes>>;

const SLOWER_BY = 1.5;
/** A tool of one second varies by this much anyway. */
const LEAST_DIFFERENCE_MS = 3_000;

/** Reports each step that became slower by more than half, with its time now and before. */
export function slowerSteps(last: StepTimes, now: StepTimes): string[] {
  return Object.entries(now).flatMap(([name, nowMs]) => {
    const lastMs = last[name];
    if (lastMs === undefined || nowMs <= lastMs * SLOWER_BY || nowMs - lastMs < LEAST_DIFFERENCE_MS)
      return [];
    return [`slower: ${name} took ${seconds(nowMs)} s, and ${seconds(lastMs)} s in the last run`];
  });
}

/** Reads the times of the last runs. A missing or damaged file gives no times, which is not an error. */
export async function readStepTimes(path: string): Promise<StepTimes> {
  try {
    return stepTimes.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return {};
  }
}

/** Stores these times for the next run, and keeps those of steps that were not run now. */
export async function writeStepTimes(path: string, last: StepTimes, now: StepTimes): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ ...last, ...now }, null, 2)}\n`);
}

const seconds = (durationMs: number): string => (durationMs / 1_000).toFixed(1);
