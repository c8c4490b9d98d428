import { readBestPrices } from "../observation/venue-books.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";
import { proveClock } from "./prove-clock.ts";
import { proveDatabase } from "./prove-database.ts";
import { proveFeeds } from "./prove-feeds.ts";
import { proveMarket } from "./prove-market.ts";
import { proveRestLinks } from "./prove-rest-links.ts";

/**
 * Checks the lab itself before anything is judged in it, without the platform: the market of every symbol moves, the
 * venues answer through their links, their feeds send market data of every symbol, the database answers through its
 * links, and the clocks agree. A defect of the lab must never be reported as the platform's failure.
 *
 * @throws UnavailableError that says what the lab lacks, or `venue-books-unreadable`.
 */
export async function proveLab(lab: Omit<LabProofOptions, "symbols">): Promise<void> {
  const { addresses, signal } = lab;
  const books = await readBestPrices(addresses.venueControl);
  // A recording need not have every symbol that the venues know.
  const symbols = [...new Set([...lab.traded, ...books.map(({ symbol }) => symbol)])];
  const options = { ...lab, symbols };
  // In the order in which they explain each other: without a market, no feed sends anything.
  const proofs = [proveMarket, proveRestLinks, proveFeeds, proveDatabase, proveClock];
  const results = await Promise.allSettled(proofs.map((prove) => prove(options)));
  signal.throwIfAborted();
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
