import { MappedApi, requestClient } from "../../api/index.ts";
import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { CheckRecord, NotApplicable } from "../../evidence/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { isFull, MachineWatch } from "../../machine/index.ts";
import { tradingAmong } from "../../venues/index.ts";
import { settle } from "../experiment/settle.ts";
import { checkInvariants } from "../invariants/check-invariant.ts";
import { ALL_INVARIANTS, type InvariantName } from "../invariants/registry.ts";
import { type ApiView, EMPTY_API_VIEW, readApiView } from "../observation/api-view.ts";
import { type ClientSide, readBooks } from "../observation/final-state.ts";
import type { Ledger } from "../observation/ledger.ts";

const REQUEST_TIMEOUT_MS = 5_000;

const SHOWN: InvariantName = "shown-as-booked";

/** The invariants that the books of the platform and of the venues decide, with what the platform's API shows. */
const BY_BOOKS: readonly InvariantName[] = [
  "no-duplicate-orders",
  "accepted-orders-accounted",
  "fills-agree",
  "balances-agree",
  "positions-agree",
  "events-agree",
  SHOWN,
];

/** A lab whose books are to be judged. */
export interface JudgedBooks {
  readonly addresses: LabAddresses;
  readonly platform: PlatformDefinition;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What the books of a lab come to. */
export interface BooksJudgment {
  readonly checks: readonly CheckRecord[];
  /** The invariants that were not judged, and what they need. */
  readonly notApplicable: readonly NotApplicable[];
}

/**
 * Judges a lab by its books alone: the same checks as at the end of an experiment, without what only the history of
 * its own clients could show. It changes nothing in the lab. What a platform may still reconcile is awaited.
 */
export async function judgeBooks({
  addresses,
  platform,
  clock,
  signal,
}: JudgedBooks): Promise<BooksJudgment> {
  const client: ClientSide = {
    operations: [],
    otherAccountOrder: null,
    refusals: [],
    offers: {
      questions: new Set(),
      requestsAreKnown: false,
      quoteStream: false,
      lacksMetrics: platform.metrics.lacks,
    },
    quotes: { comparisons: [], times: 0, recorded: { count: 0, crossed: [], last: [] } },
    counters: {
      ...{ values: {}, readAtRest: false, platformStartedAgain: false },
      ...{ openSockets: 0, ownRequests: 0 },
    },
  };
  const sources = {
    venueControl: addresses.venueControl,
    databaseUrl: addresses.databaseUrl,
    queries: platform.ledger,
    vocabulary: platform.api,
    venues: tradingAmong(platform.venues),
  };
  const read = async () => ({ ...client, ...(await readBooks(sources)), apiView: EMPTY_API_VIEW });
  // Of a lab that another command started it is not known which programs are foreign, only that all together fill it.
  using machine = new MachineWatch(process.pid);
  const limits = { limitMs: platform.settlesWithinMs, isExcused: () => isFull(machine.load()) };
  const settled = await settle(read, BY_BOOKS, limits, clock, signal);
  const apiView = await viewOf(platform, addresses, settled.state.ledger);
  // A driver belongs to the command that started the lab.
  const judged = BY_BOOKS.filter((name) => name !== SHOWN || platform.api.driver === null);
  const { checks, notApplicable } = checkInvariants(
    { invariants: judged, mayBeEmpty: [] },
    { ...settled.state, apiView },
  );
  const others = ALL_INVARIANTS.filter((name) => !judged.includes(name));
  return {
    checks,
    notApplicable: [
      ...notApplicable,
      ...others.map((what) => ({ what, needs: "what clients asked and were answered, as in a run" })),
    ],
  };
}

async function viewOf(
  { api: definition }: PlatformDefinition,
  addresses: LabAddresses,
  ledger: Ledger,
): Promise<ApiView> {
  if (definition.driver !== null) return EMPTY_API_VIEW;
  const api = new MappedApi(definition, requestClient(addresses.platform, REQUEST_TIMEOUT_MS));
  return readApiView(api, definition, ledger, []);
}
