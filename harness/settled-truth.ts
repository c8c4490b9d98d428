import type { Clock } from "../core/index.ts";
import type { LedgerQueries } from "../lab/index.ts";
import type { Operation } from "../load/index.ts";
import type { Truth } from "./invariants/invariant.ts";
import { INVARIANTS, type InvariantName } from "./invariants/registry.ts";
import { readLedger } from "./ledger.ts";
import { readVenueTruth, VENUE_NAMES } from "./venue-truth.ts";

const POLL_MS = 100;

export interface TruthSources {
  readonly venueControl: string;
  readonly databaseUrl: string;
  readonly queries: LedgerQueries;
  readonly operations: readonly Operation[];
  readonly clock: Clock;
}

/** The truth, and how long the platform took to get there. */
export interface SettledTruth {
  readonly truth: Truth;
  readonly tookMs: number;
  readonly limitMs: number;
}

/**
 * Reads the truth once it has settled: a platform may take its time to reconcile, so the books are read again
 * until every invariant holds or `limitMs` is over. What is then still wrong is wrong.
 */
export async function readSettledTruth(
  sources: TruthSources,
  invariants: readonly InvariantName[],
  limitMs: number,
  signal: AbortSignal,
): Promise<SettledTruth> {
  const startMs = sources.clock.monotonicMs();
  for (;;) {
    const truth = await readTruth(sources);
    const settled = invariants.every((name) => INVARIANTS[name].check(truth).verdict !== "fail");
    const tookMs = sources.clock.monotonicMs() - startMs;
    if (settled || tookMs > limitMs) return { truth, tookMs, limitMs };
    await sources.clock.sleep(POLL_MS, signal);
  }
}

async function readTruth({ venueControl, databaseUrl, queries, operations }: TruthSources): Promise<Truth> {
  const [ledger, ...venues] = await Promise.all([
    readLedger(databaseUrl, queries),
    ...VENUE_NAMES.map((venue) => readVenueTruth(venueControl, venue)),
  ]);
  return { operations, ledger, venues };
}
