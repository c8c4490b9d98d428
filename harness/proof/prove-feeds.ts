import { UnavailableError } from "../../core/index.ts";
import { openWebSocket } from "../../network/index.ts";
import { feedSubscription, linksToVenues, tradingAmong, VENUES, type VenueLink } from "../../venues/index.ts";
import { brokenLink } from "./broken-link.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";

const FLOWS_WITHIN_MS = 10_000;

/**
 * Checks that each venue's feed reports changes of every symbol through its link.
 *
 * @throws UnavailableError `link-carries-nothing` or `feed-without-market`.
 */
export async function proveFeeds(options: LabProofOptions): Promise<void> {
  const links = linksToVenues(options.venues).filter(({ channel }) => channel === "ws");
  await Promise.all(links.map((link) => proveFeed(link, options)));
}

async function proveFeed(
  { name, venue }: VenueLink,
  { addresses, symbols: quoted, clock, signal }: LabProofOptions,
): Promise<void> {
  const { feed, symbols: listed } = VENUES.find((entry) => entry.name === venue) ?? {
    feed: null,
    symbols: [],
  };
  if (feed === null) return;
  // Venues that take no orders have a market of their own.
  const isTrading = tradingAmong([venue]).length > 0;
  const symbols = listed.filter((symbol) => !isTrading || quoted.includes(symbol));
  const subscription = feedSubscription(feed, symbols);
  const missing = new Set(symbols);
  const socket = openWebSocket(`ws://${addresses.links[name]}${subscription.path}`, [], {
    handshakeTimeout: FLOWS_WITHIN_MS,
  });
  const done = new AbortController();
  let isLate = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const late = () => {
        isLate = true;
        reject();
      };
      clock.sleep(FLOWS_WITHIN_MS, AbortSignal.any([signal, done.signal])).then(late, reject);
      socket.on("open", () => {
        for (const message of subscription.messages) socket.send(message);
      });
      socket.on("message", (data) => {
        missing.delete(subscription.changedSymbol(parseJson(String(data))) ?? "");
        if (missing.size === 0) resolve();
      });
      socket.on("error", reject);
      socket.on("close", (code) => reject(new Error(`the feed closed the connection with code ${code}`)));
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw isLate ? silentFeed(name, symbols, missing) : brokenLink(name, "the feed", cause);
  } finally {
    done.abort();
    socket.terminate();
  }
}

function silentFeed(
  link: string,
  symbols: readonly string[],
  missing: ReadonlySet<string>,
): UnavailableError {
  const sent = symbols.filter((symbol) => !missing.has(symbol)).join(", ");
  return new UnavailableError({
    code: "feed-without-market",
    message:
      `Expected changes of ${symbols.join(", ")} through the link ${link} within ${FLOWS_WITHIN_MS / 1_000} s, ` +
      `got ${sent === "" ? "none" : `those of ${sent} only`}.`,
    nextStep: "Use a recording in which prices change, or see the log of the exchanges process.",
  });
}

/** A message that is not JSON reports no change. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
