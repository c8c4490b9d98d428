import { type Clock, KanitError } from "../../../core/index.ts";
import type { CanaryTriggerRecord } from "../../../evidence/index.ts";
import type { WatchedTriggers } from "./watched-triggers.ts";

/** The platform's fills beside the venues' records of the same trades. */
export interface AmountsReading {
  /** How many fills were found at their venue. */
  readonly compared: number;
  /** The fills whose amounts are others than the venue's. */
  readonly differing: readonly string[];
}

/** @throws KanitError when one of the books cannot be read. */
export type ReadAmounts = () => Promise<AmountsReading>;

const NAME = "AmountsDifferFromVenue";
/** Comparing all fills takes at most this part of the time. */
const MOST_TIME = 0.1;

/**
 * Watches what no metric shows: a fill that the platform books with another amount than the venue since the canary
 * began, were it by the last decimal. Both arms share the books, so that nobody else can be blamed than by the time.
 */
export async function watchAmounts(read: ReadAmounts, clock: Clock): Promise<WatchedTriggers> {
  const before = await read();
  const known = new Set(before.differing);
  let firedAt: string | null = null;
  let latest: CanaryTriggerRecord["state"] = "no-data";
  let nextMs = clock.monotonicMs();
  const look = async (): Promise<CanaryTriggerRecord["state"]> => {
    const now = await read();
    if (now.differing.some((fill) => !known.has(fill))) {
      firedAt = new Date(clock.nowMs()).toISOString();
      return "firing";
    }
    return now.compared > before.compared ? "inactive" : "no-data";
  };
  return {
    states: async () => {
      const beganMs = clock.monotonicMs();
      if (firedAt === null && beganMs >= nextMs) {
        latest = await look().catch((error: unknown) => {
          if (!(error instanceof KanitError)) throw error;
          return "no-data" as const;
        });
        const endedMs = clock.monotonicMs();
        nextMs = endedMs + (endedMs - beganMs) / MOST_TIME;
      }
      return [{ name: NAME, state: latest, firedAt }];
    },
    // A wrong amount stays wrong.
    forget: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
