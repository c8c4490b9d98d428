import { openApi, requestClient } from "../../api/index.ts";
import type { Fault } from "../../chaos/index.ts";
import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { Lab } from "../../lab/index.ts";
import type { LoadResult } from "../../load/index.ts";
import { tradingAmong } from "../../venues/index.ts";
import { counterQueries } from "../invariants/metrics-agree.ts";
import type { InvariantName } from "../invariants/registry.ts";
import { EMPTY_API_VIEW, readApiView } from "../observation/api-view.ts";
import { type ClientSide, readBooks } from "../observation/final-state.ts";
import type { Measurement } from "../observation/measurement.ts";
import { askForRefusals } from "../observation/probes/ask-for-refusals.ts";
import { compareQuotes, QUOTES_WITHIN_MS } from "../observation/probes/compare-quotes.ts";
import { placeForOtherAccount } from "../observation/probes/other-account.ts";
import type { QuoteWatch } from "../observation/quote-watch.ts";
import { type MarketSilence, readMarketSilences, setMarketPaused } from "../observation/venue-books.ts";
import { startsPlatformAgain } from "./platform-interruptions.ts";
import { type SettledState, settle } from "./settle.ts";

const REQUEST_TIMEOUT_MS = 5_000;

/** What is observed after the load. */
export interface ObservedEnd {
  readonly settled: SettledState;
  readonly silences: readonly MarketSilence[];
}

interface EndContext {
  readonly lab: Pick<Lab, "addresses" | "driver">;
  readonly platform: PlatformDefinition;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What the end of an experiment depends on: its faults, and what must hold. */
interface Ended {
  readonly faults: readonly { readonly fault: Fault }[];
  readonly expectation: { readonly invariants: readonly InvariantName[] };
}

/** Requests what must be refused, halts the market, and reads everything when it has settled. */
export async function observeEnd(
  { faults, expectation }: Ended,
  { lab, platform, clock, signal }: EndContext,
  {
    operations,
    durationMs,
    unrecordedRequests,
  }: Pick<LoadResult, "operations" | "durationMs" | "unrecordedRequests">,
  measurement: Pick<Measurement, "values" | "requests">,
  quotes: Pick<QuoteWatch, "snapshot" | "recorded" | "openSockets">,
  { readAtRest, isExcused }: { readonly readAtRest: boolean; readonly isExcused: () => boolean },
): Promise<ObservedEnd> {
  const { venueControl, databaseUrl } = lab.addresses;
  const silences = await readMarketSilences(venueControl);
  const { api: definition } = platform;
  await using api = await openApi(definition, {
    client: requestClient(lab.addresses.platform, REQUEST_TIMEOUT_MS),
    driver: await lab.driver(),
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  const refusals = await askForRefusals(api, definition, operations);
  const otherAccountOrder = await placeForOtherAccount(api, definition, operations);
  await setMarketPaused(venueControl, true);
  const { snapshot } = quotes;
  const { questions } = api;
  const asked = questions.has("quote") ? api : null;
  const compare = { api: asked, venueControl, operations, snapshot, clock, withinMs: QUOTES_WITHIN_MS };
  const compared = await compareQuotes(compare, signal);
  const clientSide: ClientSide = {
    operations,
    otherAccountOrder,
    refusals,
    offers: {
      questions,
      requestsAreKnown: definition.driver === null,
      quoteStream: snapshot !== null,
      lacksMetrics: platform.metrics.lacks,
    },
    quotes: { ...compared, recorded: quotes.recorded() },
    counters: {
      values: measurement.values(counterQueries(platform.metrics.path), durationMs),
      readAtRest,
      platformStartedAgain: faults.some(({ fault }) => startsPlatformAgain(fault)),
      openSockets: quotes.openSockets,
      ownRequests: measurement.requests + unrecordedRequests,
    },
  };
  const sources = {
    venueControl,
    databaseUrl,
    queries: platform.ledger,
    vocabulary: platform.api,
    venues: tradingAmong(platform.venues),
  };
  const read = async () => ({ ...clientSide, ...(await readBooks(sources)), apiView: EMPTY_API_VIEW });
  const limits = { limitMs: platform.settlesWithinMs, isExcused };
  const settled = await settle(read, expectation.invariants, limits, clock, signal);
  // Reading once is enough: nothing changes any more, so the API keeps returning the same.
  const apiView = await readApiView(api, definition, settled.state.ledger, operations);
  return { settled: { ...settled, state: { ...settled.state, apiView } }, silences };
}
