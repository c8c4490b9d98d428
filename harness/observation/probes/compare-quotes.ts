import { askOnce, type PlatformApi, QUOTE_SCHEMA } from "../../../api/index.ts";
import type { Clock } from "../../../core/index.ts";
import type { Operation } from "../../../load/index.ts";
import { Decimal } from "../decimal.ts";
import { type BestPrices, readBestPrices } from "../venue-books.ts";
import type { Quote, RecordedQuotes } from "./quote-recorder.ts";

/**
 * Feeds push changes within 100 ms, later on a busy machine. A quote that still differs after this
 * time is wrong and not late.
 */
export const QUOTES_WITHIN_MS = 2_000;
const POLL_MS = 50;

/** A quote as clients get it; null when they get none, though the platform offers it. */
type SeenQuote = Pick<Quote, "bid" | "ask"> | null | "not-offered";

/** The last comparison of each market, and how often they were compared until then. */
export interface ComparedQuotes {
  readonly comparisons: readonly QuoteComparison[];
  readonly times: number;
}

/** A quote of the platform as its clients get it: by a request, and pushed. */
export interface QuoteComparison {
  readonly venue: string;
  readonly symbol: string;
  readonly book: BestPrices;
  readonly asked: SeenQuote;
  readonly pushed: SeenQuote;
}

export interface QuoteSources {
  /** Null: the platform cannot be asked for quotes. */
  readonly api: Pick<PlatformApi, "ask"> | null;
  readonly venueControl: string;
  /** The markets that clients trade are taken from these. */
  readonly operations: readonly Operation[];
  /** What was pushed so far; null: the platform pushes no quotes. */
  readonly snapshot: (() => RecordedQuotes) | null;
  readonly clock: Clock;
  /** How long they may take to agree. */
  readonly withinMs: number;
}

/**
 * Compares the platform's quotes with the venues' books. Called right after the market was halted, while
 * nothing changes. It compares until both agree, for at most `withinMs`: after a longer silence a feed would
 * load a new snapshot and hide the errors in its book.
 */
export async function compareQuotes(sources: QuoteSources, signal: AbortSignal): Promise<ComparedQuotes> {
  const { clock, operations } = sources;
  const markets = new Map(
    operations.flatMap(({ request: { order } }) =>
      order === null
        ? []
        : [[`${order.venue} ${order.symbol}`, { venue: order.venue, symbol: order.symbol }] as const],
    ),
  );
  const books = new Map((await readBestPrices(sources.venueControl)).map((book) => [book.symbol, book]));
  const deadlineMs = clock.monotonicMs() + sources.withinMs;
  for (let times = 1; ; times++) {
    const compared = await Promise.all(
      [...markets.values()].map(async (market) => {
        const book = books.get(market.symbol);
        return book === undefined ? [] : [await compareOne(sources, market, book)];
      }),
    );
    const comparisons = compared.flat();
    if (comparisons.every(agrees) || clock.monotonicMs() > deadlineMs) return { comparisons, times };
    await clock.sleep(POLL_MS, signal);
  }
}

async function compareOne(
  { api, snapshot }: QuoteSources,
  { venue, symbol }: { readonly venue: string; readonly symbol: string },
  book: BestPrices,
): Promise<QuoteComparison> {
  const isOfMarket = (quote: Quote) => quote.venue === venue && quote.symbol === symbol;
  const pushed = snapshot === null ? "not-offered" : (snapshot().last.find(isOfMarket) ?? null);
  const asked = api === null ? "not-offered" : await askQuote(api, venue, symbol);
  return { venue, symbol, book, pushed, asked };
}

/** Whatever the error, clients have no quote then. */
async function askQuote(api: Pick<PlatformApi, "ask">, venue: string, symbol: string): Promise<SeenQuote> {
  const { outcome, said } = await askOnce(api, { kind: "quote", venue, symbol });
  return outcome === "succeeded" ? (QUOTE_SCHEMA.safeParse(said).data ?? null) : null;
}

/** Whether clients get a price that the venue has, however they ask for it. */
export function agrees({ book, asked, pushed }: QuoteComparison): boolean {
  return [asked, pushed].every(
    (quote) => quote === "not-offered" || (quote !== null && isQuoteOf(book, quote)),
  );
}

/**
 * Whether a quote is the best bid and ask of a market, now or a moment ago: the venues' feeds publish a
 * change with a delay, and never the last one before the halt.
 */
export function isQuoteOf(book: BestPrices, { bid, ask }: Pick<Quote, "bid" | "ask">): boolean {
  return book.recent.some((best) => new Decimal(best.bid).equals(bid) && new Decimal(best.ask).equals(ask));
}
