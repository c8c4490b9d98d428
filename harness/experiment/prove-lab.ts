import { type Clock, UnavailableError } from "../../core/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { requestHttp } from "../../network/index.ts";
import { type BestPrices, readBestPrices } from "../observation/venue-books.ts";

/** The symbol that the load trades and requests quotes of. */
export const TRADED_SYMBOL = "BTCUSDT";

const FLOWS_WITHIN_MS = 10_000;
const POLL_MS = 250;
const LINK_TIMEOUT_MS = 5_000;

interface LabProofOptions {
  readonly addresses: Pick<LabAddresses, "venueControl" | "links">;
  readonly clock: Pick<Clock, "monotonicMs" | "sleep">;
  readonly signal: AbortSignal;
}

/**
 * Verifies the lab itself before anything is judged in it, without the platform: the venues answer, also
 * through their links, and the market of the traded symbol moves. A failure of the lab must never be
 * reported as the platform's.
 *
 * @throws UnavailableError `market-without-symbol`, `market-stands-still`, `link-carries-nothing`, or
 *   `venue-books-unreadable`.
 */
export async function proveLab(options: LabProofOptions): Promise<void> {
  await proveMarket(options);
  await Promise.all(
    Object.entries(options.addresses.links)
      .filter(([link]) => link.endsWith("-rest"))
      .map(([link, address]) => proveLink(link, `http://${address}/`)),
  );
}

async function proveMarket({ addresses, clock, signal }: LabProofOptions): Promise<void> {
  const deadlineMs = clock.monotonicMs() + FLOWS_WITHIN_MS;
  let first: BestPrices | undefined;
  for (;;) {
    const books = await readBestPrices(addresses.venueControl);
    const book = books.find(({ symbol }) => symbol === TRADED_SYMBOL);
    first ??= book;
    if (first !== undefined && book !== undefined && (book.bid !== first.bid || book.ask !== first.ask))
      return;
    if (clock.monotonicMs() >= deadlineMs) throw marketError(first, books);
    await clock.sleep(POLL_MS, signal);
  }
}

function marketError(found: BestPrices | undefined, books: readonly BestPrices[]): UnavailableError {
  const within = `within ${FLOWS_WITHIN_MS / 1_000} s`;
  if (found !== undefined) {
    return new UnavailableError({
      code: "market-stands-still",
      message: `Expected the lab's market to move, but the best prices of ${TRADED_SYMBOL} did not change ${within}.`,
      nextStep: "Use a recording of a market that moves, or --tape synthetic.",
    });
  }
  const others = books.map(({ symbol }) => symbol).join(", ");
  return new UnavailableError({
    code: "market-without-symbol",
    message: `Expected the lab's market to have ${TRADED_SYMBOL}, which is traded in it, got ${others || "no prices"} ${within}.`,
    nextStep: "Use a recording that holds this symbol, or --tape synthetic.",
  });
}

/** Any answer is enough: it came from the venue, through the link. */
async function proveLink(link: string, url: string): Promise<void> {
  try {
    await requestHttp(url, { deadlineMs: LINK_TIMEOUT_MS });
  } catch (cause) {
    throw new UnavailableError({
      code: "link-carries-nothing",
      message: `Expected the venue to answer through the link ${link}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
      nextStep: "See the logs of the fault proxy and of the exchanges.",
      cause,
    });
  }
}
