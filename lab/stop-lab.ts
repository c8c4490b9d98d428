import { type Clock, EXIT_CODE, KanitError } from "../core/index.ts";
import type { LabRecord } from "./lab-record.ts";
import { isAlive } from "./process-owner.ts";

const LIMIT_MS = 10_000;
const POLL_MS = 50;

/**
 * Asks the command that owns a lab to stop it, and waits until it has.
 *
 * @throws KanitError `lab-not-stopped` when it does not within ten seconds.
 */
export async function stopLab(lab: LabRecord, clock: Clock): Promise<void> {
  if (!(await isAlive(lab.owner))) return;
  askToEnd(lab.owner.pid);
  const deadlineMs = clock.monotonicMs() + LIMIT_MS;
  while (await isAlive(lab.owner)) {
    if (clock.monotonicMs() > deadlineMs) {
      throw new KanitError({
        code: "lab-not-stopped",
        message: `Expected process ${lab.owner.pid} to stop lab ${lab.id} within ${LIMIT_MS / 1_000} s, but it still runs.`,
        nextStep: `End it with: kill -9 ${lab.owner.pid}; the lab's processes end with it.`,
        exitCode: EXIT_CODE.unavailable,
      });
    }
    await clock.sleep(POLL_MS);
  }
}

function askToEnd(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    // It ended by itself between the check and the signal.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
