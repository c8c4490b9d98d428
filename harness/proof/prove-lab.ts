import type { Clock } from "../../core/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import type { VenueName } from "../../venues/index.ts";
import { proveClock } from "./prove-clock.ts";
import { proveDatabase } from "./prove-database.ts";
import { proveFeeds } from "./prove-feeds.ts";
import { proveMarket } from "./prove-market.ts";
import { proveRestLinks } from "./prove-rest-links.ts";

/** What a proof of the lab needs. */
export interface LabProofOptions {
  readonly addresses: Pick<LabAddresses, "venueControl" | "links" | "databaseUrl" | "poolerUrl">;
  /** The venues that the platform trades or quotes. */
  readonly venues: readonly VenueName[];
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs" | "sleep">;
  readonly signal: AbortSignal;
}

/**
 * Checks the lab itself before anything is judged in it, without the platform: the market of every symbol moves, the
 * venues answer through their links, their feeds send market data of every symbol, the database answers through its
 * links, and the clocks agree. A defect of the lab must never be reported as the platform's failure.
 *
 * @throws UnavailableError that says what the lab lacks.
 */
export async function proveLab(options: LabProofOptions): Promise<void> {
  const { signal } = options;
  // In the order in which they explain each other: without a market, no feed sends anything.
  const proofs = [proveMarket, proveRestLinks, proveFeeds, proveDatabase, proveClock];
  const results = await Promise.allSettled(proofs.map((prove) => prove(options)));
  signal.throwIfAborted();
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
