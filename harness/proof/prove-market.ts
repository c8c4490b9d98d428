import { UnavailableError } from "../../core/index.ts";
import { tradingAmong } from "../../venues/index.ts";
import { type BestPrices, readBestPrices } from "../observation/venue-books.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";

const MOVES_WITHIN_MS = 10_000;
const POLL_MS = 100;

/**
 * Checks, in the venues' own books, that the best prices of every symbol that they must quote change.
 *
 * @throws UnavailableError `market-without-symbol`, `market-stands-still` or `venue-books-unreadable`.
 */
export async function proveMarket(options: LabProofOptions): Promise<void> {
  const { addresses, venues, clock, signal } = options;
  const symbols = tradingAmong(venues).length === 0 ? [] : options.symbols;
  const first = new Map<string, BestPrices>();
  const moved = new Set<string>();
  const deadlineMs = clock.monotonicMs() + MOVES_WITHIN_MS;
  while (moved.size < symbols.length) {
    const books = await readBestPrices(addresses.venueControl);
    for (const book of books.filter(({ symbol }) => symbols.includes(symbol))) {
      const before = first.get(book.symbol);
      if (before === undefined) first.set(book.symbol, book);
      else if (before.bid !== book.bid || before.ask !== book.ask) moved.add(book.symbol);
    }
    if (moved.size === symbols.length) return;
    if (clock.monotonicMs() >= deadlineMs) {
      throw marketError(
        symbols.filter((symbol) => !first.has(symbol)),
        symbols.filter((symbol) => first.has(symbol) && !moved.has(symbol)),
        books,
      );
    }
    await clock.sleep(POLL_MS, signal);
  }
}

function marketError(
  missing: readonly string[],
  still: readonly string[],
  books: readonly BestPrices[],
): UnavailableError {
  const within = `within ${MOVES_WITHIN_MS / 1_000} s`;
  if (missing.length === 0) {
    return new UnavailableError({
      code: "market-stands-still",
      message: `Expected the prices of the lab's market to change, but the best prices of ${still.join(", ")} did not change ${within}.`,
      nextStep: "Use a recording in which prices change, or --tape synthetic.",
    });
  }
  const others = books.map(({ symbol }) => symbol).join(", ");
  return new UnavailableError({
    code: "market-without-symbol",
    message: `Expected the lab's market to have ${missing.join(", ")}, which the load trades, got ${others || "no prices"} ${within}.`,
    nextStep: "Use a recording that contains them, or --tape synthetic.",
  });
}
