import type { Clock } from "../../core/index.ts";
import type { UsersReading, UsersWatch } from "./rollback-step.ts";

/** One good second is no recovery. */
const NEEDED_READINGS = 3;
const PAUSE_MS = 1_000;

/** How the wait ended. */
export interface UsersEnding {
  /** When they were shown to be well; null when they were not until the end of the time. */
  readonly wellAtMs: number | null;
  readonly last: UsersReading;
}

/**
 * Waits until users are well in several readings, one after the other, or the time is over. The time of recovery is
 * that of the last of these readings: before it, nobody knew.
 *
 * @param onReading Called when what is read changes.
 * @throws the signal's reason.
 */
export async function awaitUsers(
  users: UsersWatch,
  limitAtMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  onReading: (reading: UsersReading) => Promise<void>,
): Promise<UsersEnding> {
  let before: UsersReading["standing"] | null = null;
  let wellReadings = 0;
  for (;;) {
    const reading = await readOnce(users, signal);
    signal.throwIfAborted();
    if (reading.standing !== before) await onReading(reading);
    before = reading.standing;
    wellReadings = reading.standing === "well" ? wellReadings + 1 : 0;
    if (wellReadings === NEEDED_READINGS) return { wellAtMs: clock.nowMs(), last: reading };
    if (clock.nowMs() >= limitAtMs) return { wellAtMs: null, last: reading };
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Reads until something is known, since rates need two scrapes, or the time is over. */
export async function readKnown(
  users: UsersWatch,
  withinMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<UsersReading> {
  const untilMs = clock.monotonicMs() + withinMs;
  for (;;) {
    const reading = await readOnce(users, signal);
    if (reading.standing !== "unknown" || clock.monotonicMs() >= untilMs) return reading;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** What cannot be read is unknown, and is read again. */
async function readOnce(users: UsersWatch, signal: AbortSignal): Promise<UsersReading> {
  try {
    return await users.read(signal);
  } catch (error) {
    return { standing: "unknown", lines: [error instanceof Error ? error.message : String(error)] };
  }
}
