import { z } from "zod";
import type { Clock } from "../../../core/index.ts";
import type { CheckRecord } from "../../../evidence/index.ts";
import type { Operation } from "../../../load/index.ts";
import { requestHttp } from "../../../network/index.ts";
import { Decimal } from "../decimal.ts";
import { readBooks, type VenueBook } from "../venue-books.ts";
import type { HeardQuotes, Quote } from "./quote-recorder.ts";

/** Feeds push what changed within 100 ms, a busy machine delays them: after this a quote is not late, it is wrong. */
const SETTLES_WITHIN_MS = 2_000;
const POLL_MS = 50;
const REQUEST_TIMEOUT_MS = 2_000;
const SHOWN = 3;

const priceText = z.string().regex(/^\d+(\.\d+)?$/);
const quoteSchema = z.object({ bid: priceText, ask: priceText });

/** A quote of the platform as its clients get it: by asking, and by listening. Null where they get none. */
export interface QuoteComparison {
  readonly venue: string;
  readonly symbol: string;
  readonly book: VenueBook;
  readonly asked: Pick<Quote, "bid" | "ask"> | null;
  readonly pushed: Pick<Quote, "bid" | "ask"> | null;
}

export interface QuoteSources {
  readonly baseUrl: string;
  readonly venueControl: string;
  /** From these it is known which markets clients trade. */
  readonly operations: readonly Operation[];
  readonly heard: () => HeardQuotes;
  readonly clock: Clock;
}

/**
 * Compares the platform's quotes with the venues' books. To be called right after the market was halted, while nothing
 * moves; until both agree, for at most two seconds: a feed that finds itself silent would begin anew, and hide what
 * it had made of the stream.
 */
export async function compareQuotes(
  sources: QuoteSources,
  signal: AbortSignal,
): Promise<readonly QuoteComparison[]> {
  const { clock, operations } = sources;
  const markets = new Map(
    operations.flatMap(({ request: { order } }) =>
      order === null
        ? []
        : [[`${order.venue} ${order.symbol}`, { venue: order.venue, symbol: order.symbol }] as const],
    ),
  );
  const books = new Map((await readBooks(sources.venueControl)).map((book) => [book.symbol, book]));
  const deadlineMs = clock.monotonicMs() + SETTLES_WITHIN_MS;
  for (;;) {
    const compared = await Promise.all(
      [...markets.values()].map(async (market) => {
        const book = books.get(market.symbol);
        return book === undefined ? [] : [await compareOne(sources, market, book)];
      }),
    );
    const comparisons = compared.flat();
    if (comparisons.every(agrees) || clock.monotonicMs() > deadlineMs) return comparisons;
    await clock.sleep(POLL_MS, signal);
  }
}

async function compareOne(
  { baseUrl, heard }: QuoteSources,
  { venue, symbol }: { readonly venue: string; readonly symbol: string },
  book: VenueBook,
): Promise<QuoteComparison> {
  const pushed = heard().last.find((quote) => quote.venue === venue && quote.symbol === symbol) ?? null;
  return { venue, symbol, book, pushed, asked: await askQuote(`${baseUrl}/api/quotes/${venue}/${symbol}`) };
}

async function askQuote(url: string): Promise<QuoteComparison["asked"]> {
  try {
    const { text } = await requestHttp(url, { deadlineMs: REQUEST_TIMEOUT_MS });
    return quoteSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Whatever keeps a quote from its clients: they have none.
    return null;
  }
}

function agrees({ book, asked, pushed }: QuoteComparison): boolean {
  return [asked, pushed].every((quote) => quote !== null && isOf(book, quote));
}

/** The venues' feeds tell a change late, and none that comes as the market is halted. */
function isOf(book: VenueBook, { bid, ask }: Pick<Quote, "bid" | "ask">): boolean {
  return book.recent.some((best) => new Decimal(best.bid).equals(bid) && new Decimal(best.ask).equals(ask));
}

/** Whether what clients saw as prices was the venues' market. */
export function judgeQuotes(
  comparisons: readonly QuoteComparison[],
  { count, crossed }: HeardQuotes,
): CheckRecord {
  const check = {
    kind: "invariant",
    name: "quotes-agree",
    expected: "no quote is crossed, and each is the best bid and ask that its venue has or had a moment ago",
  } as const;
  const problems = [
    ...crossed.map(
      ({ venue, symbol, bid, ask }) => `${symbol} at ${venue} was bid ${bid} and offered at ${ask}`,
    ),
    ...comparisons.flatMap(differences),
  ];
  if (problems.length > 0) {
    const more = problems.length > SHOWN ? ` and ${problems.length - SHOWN} more` : "";
    return { ...check, verdict: "fail", received: `${problems.slice(0, SHOWN).join("; ")}${more}` };
  }
  if (comparisons.length === 0)
    return { ...check, verdict: "inconclusive", received: "no market to compare" };
  return { ...check, verdict: "pass", received: `${comparisons.length} markets, ${count} quotes heard` };
}

function differences({ venue, symbol, book, asked, pushed }: QuoteComparison): readonly string[] {
  const told = (how: string, quote: Pick<Quote, "bid" | "ask"> | null) => {
    if (quote !== null && isOf(book, quote)) return [];
    const shown = quote === null ? "nothing" : `${quote.bid} / ${quote.ask}`;
    return [`${symbol} at ${venue} is ${book.bid} / ${book.ask}, ${how} ${shown}`];
  };
  return [...told("who asks gets", asked), ...told("who listens was told", pushed)];
}
