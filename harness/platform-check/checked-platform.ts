import type { PlatformApi } from "../../api/index.ts";
import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { Lab } from "../../lab/index.ts";

/** A platform in its lab, with its API open. */
export interface CheckedPlatform {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  readonly api: PlatformApi;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const POLL_MS = 100;
/** How long something may take that follows by itself: a fill, a quote, an order's arrival. */
export const SOON_MS = 20_000;

/** Looks again and again for a value; null when there is none in time. */
export async function soon<T>(
  { clock, signal }: Pick<CheckedPlatform, "clock" | "signal">,
  withinMs: number,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const untilMs = clock.monotonicMs() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null || clock.monotonicMs() >= untilMs) return found;
    await clock.sleep(POLL_MS, signal);
  }
}
