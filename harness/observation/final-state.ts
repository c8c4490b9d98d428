import { type QuestionKind, statusWord, type Vocabulary } from "../../api/index.ts";
import type { LedgerQueries } from "../../definition/index.ts";
import type { Operation } from "../../load/index.ts";
import type { TradingVenueName } from "../../venues/index.ts";
import type { ApiView } from "./api-view.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import type { RefusalProbe } from "./probes/ask-for-refusals.ts";
import type { ComparedQuotes } from "./probes/compare-quotes.ts";
import type { OtherAccountOrder } from "./probes/other-account.ts";
import type { RecordedQuotes } from "./probes/quote-recorder.ts";
import { readVenueBooks, type VenueBooks } from "./venue-books.ts";

/**
 * Everything that is known when the load has ended and nothing changes any more, as plain data: what clients
 * saw, what the platform wrote, what the venues have, and what the platform returns and counts. The
 * invariants are checked on it.
 */
export interface FinalState extends Books, ClientSide {
  readonly apiView: ApiView;
}

/** The platform's own books, and those of each venue. */
export interface Books {
  readonly ledger: Ledger;
  readonly venues: readonly VenueBooks[];
}

/** What is known before the books are read. */
export interface ClientSide {
  readonly operations: readonly Operation[];
  /** Null when the platform has no accounts. */
  readonly otherAccountOrder: OtherAccountOrder | null;
  readonly refusals: readonly RefusalProbe[];
  readonly offers: Offers;
  readonly quotes: ComparedQuotes & { readonly recorded: RecordedQuotes };
  readonly counters: Counters;
}

/** What a platform's API has. */
interface Offers {
  /** What it can be asked. */
  readonly questions: ReadonlySet<QuestionKind>;
  /** Whether kanit itself sends the requests: what a driver sends for a question, and how often, is not known. */
  readonly requestsAreKnown: boolean;
  /** Whether it pushes quotes. */
  readonly quoteStream: boolean;
  /** The field's metrics that it says it does not have. */
  readonly lacksMetrics: readonly string[];
}

/** The platform's own counts, and what only the harness knows about them. */
interface Counters {
  /** The value of each counter of the platform's, by `CounterName`; null without data. */
  readonly values: Readonly<Record<string, number | null>>;
  /** Whether they were read after the load's end. What they lack otherwise may not have been counted yet. */
  readonly readAtRest: boolean;
  /** Whether the platform's process is not the one with which the run began. */
  readonly platformStartedAgain: boolean;
  /** Open quote sockets: those of the load and of the harness. */
  readonly openSockets: number;
  /** Requests of the harness itself, which the platform counts as well. */
  readonly ownRequests: number;
}

export interface BookSources {
  readonly venueControl: string;
  readonly databaseUrl: string;
  readonly queries: LedgerQueries;
  /** The words of the platform, which its books use too. */
  readonly vocabulary: Vocabulary;
  /** The venues with whose books the platform's are compared. */
  readonly venues: readonly TradingVenueName[];
}

/**
 * Reads the platform's books and those of every venue.
 *
 * @throws UnavailableError `ledger-unreadable` or `venue-books-unreadable`.
 */
export async function readBooks(sources: BookSources): Promise<Books> {
  const { venueControl, databaseUrl, queries, vocabulary } = sources;
  const [ledger, ...venues] = await Promise.all([
    readLedger(databaseUrl, queries),
    ...sources.venues.map((venue) => readVenueBooks(venueControl, venue)),
  ]);
  return { ledger: inFieldWords(ledger, vocabulary), venues };
}

/** The books with the statuses in the field's words, as clients' answers have them. */
export function inFieldWords(ledger: Ledger, vocabulary: Vocabulary): Ledger {
  const orders = ledger.orders.map((order) => ({
    ...order,
    status: statusWord(vocabulary, order.status),
    ...(order.event_status == null ? {} : { event_status: statusWord(vocabulary, order.event_status) }),
  }));
  return { ...ledger, orders };
}
