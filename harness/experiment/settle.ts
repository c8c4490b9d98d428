import type { Clock } from "../../core/index.ts";
import { checkInvariant } from "../invariants/check-invariant.ts";
import { INVARIANTS, type InvariantName } from "../invariants/registry.ts";
import type { FinalState } from "../observation/final-state.ts";
import { grantedMs, type TimeLimit } from "./patience.ts";

const POLL_MS = 100;

/** How long the platform took to reconcile, and its time limit. */
export interface Settling {
  readonly tookMs: number;
  readonly limitMs: number;
  /** How often everything was read by then. */
  readonly readings: number;
}

/** The final state, after it had settled or its time was over. */
export interface SettledState extends Settling {
  readonly state: FinalState;
}

/**
 * Reads the final state until it has settled. A platform may need time to reconcile, so the state is read
 * again until every invariant that the platform can still restore holds, or its time is over. What is
 * wrong in a reading that began after that is a failure.
 */
export async function settle(
  read: () => Promise<FinalState>,
  invariants: readonly InvariantName[],
  limit: TimeLimit,
  clock: Clock,
  signal: AbortSignal,
): Promise<SettledState> {
  const { limitMs } = limit;
  const startMs = clock.monotonicMs();
  const awaited = invariants.filter((name) => INVARIANTS[name].mayComeLate);
  for (let readings = 1; ; readings++) {
    const readFromMs = clock.monotonicMs() - startMs;
    const state = await read();
    const settled = awaited.every((name) => checkInvariant(name, state).verdict !== "fail");
    const tookMs = clock.monotonicMs() - startMs;
    if (settled || readFromMs > grantedMs(limit)) return { state, tookMs, limitMs, readings };
    await clock.sleep(POLL_MS, signal);
  }
}
