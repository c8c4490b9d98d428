import { formatDuration, UnavailableError } from "../../core/index.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";

const WATCHED_MS = 250;
/** More than rounding and a correction of the clock by a time server explain. */
const MAX_JUMP_MS = 100;

/**
 * Checks that this machine's clock runs evenly: the time of day and the monotonic clock advance by the same amount.
 *
 * @throws UnavailableError `clock-runs-unevenly`
 */
export async function proveClock({ clock, signal }: LabProofOptions): Promise<void> {
  const startMs = clock.nowMs() - clock.monotonicMs();
  await clock.sleep(WATCHED_MS, signal);
  const jumpMs = clock.nowMs() - clock.monotonicMs() - startMs;
  if (Math.abs(jumpMs) <= MAX_JUMP_MS) return;
  throw new UnavailableError({
    code: "clock-runs-unevenly",
    message:
      `Expected this machine's clock to run evenly, got a jump of ${formatDuration(Math.abs(jumpMs))} ` +
      `${jumpMs > 0 ? "forward" : "back"} within ${WATCHED_MS} ms.`,
    nextStep: "Wait until the clock is synchronized, and do not set it during a run.",
  });
}
