import type { Clock } from "../../core/index.ts";
import type { LedgerQueries } from "../../lab/index.ts";
import type { Operation } from "../../load/index.ts";
import { TRADING_VENUE_NAMES } from "../../venues/index.ts";
import type { Invariant, Truth } from "../invariants/invariant.ts";
import { INVARIANTS, type InvariantName } from "../invariants/registry.ts";
import { NOTHING_SHOWN, readShown } from "./api-view.ts";
import { readLedger } from "./ledger.ts";
import type { OtherAccountOrder } from "./probes/other-account.ts";
import { readVenueTruth } from "./venue-books.ts";

const POLL_MS = 100;

export interface TruthSources {
  /** The platform's API, past every link. */
  readonly platformUrl: string;
  readonly venueControl: string;
  readonly databaseUrl: string;
  readonly queries: LedgerQueries;
  readonly operations: readonly Operation[];
  readonly otherAccountOrder: OtherAccountOrder | null;
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
 * until every invariant that time can heal holds or `limitMs` is over. What is then still wrong is wrong.
 */
export async function readSettledTruth(
  sources: TruthSources,
  invariants: readonly InvariantName[],
  limitMs: number,
  signal: AbortSignal,
): Promise<SettledTruth> {
  const startMs = sources.clock.monotonicMs();
  const awaited = invariants
    .map((name): Invariant => INVARIANTS[name])
    .filter(({ damage }) => damage !== "lasting");
  for (;;) {
    const truth = await readTruth(sources);
    const settled = awaited.every((invariant) => invariant.check(truth).verdict !== "fail");
    const tookMs = sources.clock.monotonicMs() - startMs;
    if (settled || tookMs > limitMs) {
      // Once is enough: nothing moves any more, and what is shown now stays so.
      const shown = await readShown(sources.platformUrl, truth.ledger, sources.operations);
      return { truth: { ...truth, shown }, tookMs, limitMs };
    }
    await sources.clock.sleep(POLL_MS, signal);
  }
}

async function readTruth(sources: TruthSources): Promise<Truth> {
  const { venueControl, databaseUrl, queries, operations, otherAccountOrder } = sources;
  const [ledger, ...venues] = await Promise.all([
    readLedger(databaseUrl, queries),
    ...TRADING_VENUE_NAMES.map((venue) => readVenueTruth(venueControl, venue)),
  ]);
  return { operations, otherAccountOrder, ledger, venues, shown: NOTHING_SHOWN };
}
