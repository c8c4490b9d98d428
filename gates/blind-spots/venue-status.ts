import { z } from "zod";
import { requestHttp } from "../../network/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { venueMutant } from "../engine/venue-mutant.ts";

const LIMITED_STATUSES = new Set([418, 429]);

const symbols = z.array(
  z.union([
    z.object({ symbol: z.string(), status: z.string() }),
    z.object({ name: z.string(), status: z.string() }),
  ]),
);
/** Binance has the list at the top, BTCTurk below `data`. */
const markets = z.union([
  z.object({ symbols }).transform((body) => body.symbols),
  z.object({ data: z.object({ symbols }) }).transform((body) => body.data.symbols),
]);

interface VenueMarket {
  readonly venue: string;
  readonly symbols: readonly { readonly symbol: string; readonly status: string }[];
  /** The empty text when the venue answered. */
  readonly refusal: string;
}

/** Do the venues trade while the release goes out? */
export const venueStatus = defineCheck({
  id: "venue-status",
  title: "Venue halts and limits",
  question: "Does each venue trade every symbol now, and does it still answer this machine?",
  risk: "A release during a venue's maintenance cannot be judged, and its rejects look like the release's fault.",
  command: `curl -s "$VENUE/api/v3/exchangeInfo" | jq -r '.symbols[] | select(.status != "TRADING")'`,
  passes: "each venue answers without a limit (429, 418), and every symbol is TRADING",
  fix: "Wait for the end of the maintenance, or take the venue out of the release by its feature flag.",
  evidence: ["blind_spot_venue_status_{release}.tsv"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["venueMarkets"],
  mutant: venueMutant({
    what: "The venue Binance halts its whole market.",
    venue: "binance",
    misbehavior: "market-halted",
    options: { every: 1 },
  }),
  observe: async ({ venueMarkets }, context) => {
    const asOfMs = context.clock.nowMs();
    const venues = Object.entries(venueMarkets);
    const found = await Promise.all(venues.map(([venue, address]) => readMarket(venue, address, context)));
    return {
      expected: venues.map(([venue]) => venue),
      examined: found
        .filter((each) => each.symbols.length > 0 || each.refusal !== "")
        .map(({ venue }) => venue),
      acts: [],
      asOfMs,
      violations: found.flatMap(({ venue, symbols: listed, refusal }) => [
        ...(refusal === "" ? [] : [`${venue} ${refusal}`]),
        ...halted(venue, listed),
      ]),
      unclear: [],
      summary: found.map(({ venue, symbols: listed }) => `${venue}: ${listed.length} symbols`).join(", "),
      texts: [
        found
          .flatMap(({ venue, symbols: listed }) =>
            listed.map(({ symbol, status }) => `${venue}\t${symbol}\t${status}\n`),
          )
          .join(""),
      ],
    };
  },
});

function halted(venue: string, listed: VenueMarket["symbols"]): readonly string[] {
  const others = listed.filter(({ status }) => status !== "TRADING");
  const [first] = others;
  if (first === undefined) return [];
  return [
    `${venue}: ${others.length} of ${listed.length} symbols do not trade: ${first.symbol} is ${first.status}`,
  ];
}

async function readMarket(
  venue: string,
  address: string,
  { signal, target }: ProbeContext,
): Promise<VenueMarket> {
  const answer = await requestHttp(address, { signal, allowedHosts: target.allowedHosts });
  if (LIMITED_STATUSES.has(answer.status)) {
    return { venue, symbols: [], refusal: `limits this machine: status ${answer.status}` };
  }
  const parsed = markets.safeParse(jsonOf(answer.text));
  if (!parsed.success)
    throw new Error(`Expected the symbols of ${venue} as JSON, got status ${answer.status}.`);
  const listed = parsed.data.map((each) => ({
    symbol: "symbol" in each ? each.symbol : each.name,
    status: each.status,
  }));
  return { venue, symbols: listed, refusal: "" };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
