import { appendFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../../core/index.ts";
import { memoryFiling } from "../../testing/memory-filing.ts";
import { performRollback, type RollbackOptions, type RollbackResult } from "../perform-rollback.ts";
import { type Holder, STEP_NAMES, type StepName } from "../rollback-entry.ts";
import { RollbackJournal } from "../rollback-journal.ts";
import type { RollbackStep, UsersReading } from "../rollback-step.ts";

/** Steps that only write their names to `<folder>/acts`, and users who are well. */
export interface Rehearsal {
  readonly folder: string;
  readonly holder: Holder;
  readonly isAlive: (holder: Holder) => Promise<boolean>;
  readonly clock: Clock;
  /** Throws where a step is to fail. */
  readonly onStep: (name: StepName) => void | Promise<void>;
  readonly readUsers: () => UsersReading;
  /** Whether what can be asked of a finished rollback is still so. */
  readonly isInEffect: () => boolean;
  readonly options: Partial<RollbackOptions>;
}

export const WELL: UsersReading = { standing: "well", lines: ["all well"] };

/** The process of this test, as a holder. */
export function thisProcess(user = "mara"): Holder {
  return { pid: process.pid, startedAt: "now", host: hostname(), user };
}

/** Whether the process of a claim runs. The start time of processes is tested where it is read, in `lab/`. */
async function runs({ pid }: Holder): Promise<boolean> {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Rolls back with these steps. */
export async function rehearse(
  given: Pick<Rehearsal, "folder"> & Partial<Rehearsal>,
): Promise<RollbackResult> {
  const rehearsal: Rehearsal = {
    holder: thisProcess(),
    isAlive: runs,
    clock: { ...systemClock, sleep: async () => undefined },
    onStep: () => undefined,
    readUsers: () => WELL,
    isInEffect: () => true,
    options: {},
    ...given,
  };
  const { folder, holder, isAlive, clock } = rehearsal;
  const journal = await RollbackJournal.claim({ folder: join(folder, "journal"), holder, isAlive, clock });
  return performRollback({
    release: "v1.4.0",
    request: { reason: "P95 rose", stage: "25", actor: "mara", target: "test", atMs: clock.nowMs() },
    means: {
      target: "test",
      steps: STEP_NAMES.map((name) => stepOf(name, rehearsal)),
      users: { describe: "a test", read: async () => rehearsal.readUsers() },
    },
    ...{ journal, isAgain: false, clock, signal: new AbortController().signal },
    onEntry: () => undefined,
    onVerdict: () => undefined,
    openFiling: async () => memoryFiling(),
    ...rehearsal.options,
  });
}

function stepOf(name: StepName, { folder, onStep, isInEffect }: Rehearsal): RollbackStep {
  return {
    name,
    describe: () => `by hand ${name}`,
    limitMs: 10_000,
    take: async () => {
      await appendFile(join(folder, "acts"), `${name}\n`);
      await onStep(name);
      return "done";
    },
    isInEffect: name === "kill-switch" ? async () => isInEffect() : null,
    rehearse: async () => "could be done",
  };
}
