import type { MisbehaviorView } from "../../exchanges/index.ts";
import { type Comparison, compareAnswers, type VenueAnswer } from "../matching/compare-answers.ts";
import { framesResponse } from "../matching/frames-response.ts";
import { type Interaction, type PactResponse, readPact } from "../matching/pact-file.ts";
import { requireSuccess } from "../provider/ask.ts";
import type { StubUnderVerification } from "../provider/stubs.ts";
import { listen } from "./feed-listener.ts";
import { TRADING_DAYS } from "./trading-day.ts";
import { endpointOf, VenueClient } from "./venue-client.ts";

/** The effect of a misbehavior on the contract. */
export interface Judgment {
  readonly misbehavior: string;
  /** How often it took effect during the platform's calls. */
  readonly bites: number;
  /** The endpoints, or `frame`, with an answer that no interaction of the pact matches, sorted. */
  readonly breaks: readonly string[];
}

/** Refusals that the venue sends before it reads the request: they apply to every private call. */
const GENERAL_REFUSALS: ReadonlySet<string> = new Set([
  "an order beyond the request weight",
  "an order of a banned address",
  "an order with a timestamp outside of its window",
  "an order beyond the rate limit",
  "an order with a key that the venue does not know",
]);

/** Options with which a misbehavior takes effect quickly; the others do so each time. */
const FAST_OPTIONS: Readonly<Record<string, object>> = {
  gap: { every: 2 },
  "late-reply": { delayMs: 20 },
  "unlock-lag": { delayMs: 600_000 },
  "server-shutdown": { closeAfterMs: 600_000 },
};

interface Observed {
  readonly what: string;
  readonly answer: VenueAnswer | null;
  readonly candidates: readonly PactResponse[];
}

const JSON_BODY = { "content-type": "application/json" };

/**
 * Activates each misbehavior that a stub's control API lists, one at a time, makes the platform's calls, and
 * compares all answers with the pact: an answer conforms when it matches an interaction of its endpoint.
 */
export async function judgeMisbehaviors(venue: StubUnderVerification): Promise<readonly Judgment[]> {
  const { interactions } = await readPact(venue.provider);
  const control = `${venue.controlUrl}/venues/${venue.provider === "binance-spot" ? "binance" : "btcturk"}`;
  const misbehaviors = await viewsAt(control);
  const judged: { misbehavior: string; bites: number; observed: readonly Observed[] }[] = [];
  for (const { name } of misbehaviors) {
    await requireSuccess(`${venue.controlUrl}/reset`, [], { method: "POST" });
    const body = JSON.stringify(FAST_OPTIONS[name] ?? {});
    const listener = await listen(venue.provider, venue.webSocketUrl, venue.allowedHosts);
    await requireSuccess(`${control}/misbehaviors/${name}`, [], { method: "PUT", headers: JSON_BODY, body });
    const client = new VenueClient(venue);
    await TRADING_DAYS[venue.provider](client);
    const things = [
      ...client.calls.map(({ endpoint, answer }) => observedAnswer(endpoint, answer, interactions)),
      ...observedFrames(await listener.frames, interactions),
    ];
    const bites = (await viewsAt(control)).find((view) => view.name === name)?.bites ?? 0;
    judged.push({ misbehavior: name, bites, observed: things });
  }
  const mismatching = await mismatchesAmong(
    venue.provider,
    judged.flatMap(({ observed: things }) => things),
  );
  return judged.map(({ misbehavior, bites, observed: things }) => ({
    misbehavior,
    bites,
    breaks: [...new Set(things.filter((each) => mismatching.has(each)).map(({ what }) => what))].sort(),
  }));
}

async function viewsAt(control: string): Promise<readonly MisbehaviorView[]> {
  return JSON.parse(
    await requireSuccess(`${control}/misbehaviors`, [], { method: "GET" }),
  ) as MisbehaviorView[];
}

function observedAnswer(
  endpoint: string,
  answer: VenueAnswer | null,
  interactions: readonly Interaction[],
): Observed {
  const parsed = answer === null ? undefined : jsonIn(answer.body);
  const candidates = interactions.flatMap((each) => {
    if (each.type !== "Synchronous/HTTP" || each.response.status !== answer?.status) return [];
    const isOfEndpoint = endpointOf(each.request.method, each.request.path) === endpoint;
    if (!isOfEndpoint && !GENERAL_REFUSALS.has(each.description)) return [];
    return mayHaveCode(each.response, codeOf(parsed)) ? [each.response] : [];
  });
  return { what: endpoint, answer, candidates };
}

/** Frames of one kind are compared as one list, which costs Pact hardly more than one frame. */
function observedFrames(frames: readonly string[], interactions: readonly Interaction[]): Observed[] {
  const messages = interactions.filter((each) => each.type === "Asynchronous/Messages");
  const kinds = Map.groupBy(frames, (frame) =>
    messages.find(({ contents }) => kindOf(contents.content) === kindOf(jsonIn(frame))),
  );
  return [...kinds].map(([message, alike]) => ({
    what: "frame",
    answer: { status: 200, headers: { "content-type": "application/json" }, body: `[${alike.join(",")}]` },
    candidates: message === undefined ? [] : [framesResponse(message)],
  }));
}

/** The number at the beginning of BTCTurk's frames; Binance's have none. */
function kindOf(frame: unknown): unknown {
  return Array.isArray(frame) ? frame[0] : undefined;
}

/** The answers that match none of their candidates. */
async function mismatchesAmong(
  provider: string,
  things: readonly Observed[],
): Promise<ReadonlySet<Observed>> {
  const asked: { of: Observed; comparison: Comparison }[] = things.flatMap((of) => {
    const { answer, candidates } = of;
    return answer === null ? [] : candidates.map((response) => ({ of, comparison: { answer, response } }));
  });
  const mismatches = await compareAnswers(
    provider,
    asked.map(({ comparison }) => comparison),
  );
  const fitting = new Set(asked.filter((_, index) => mismatches[index]?.length === 0).map(({ of }) => of));
  return new Set(things.filter((each) => !fitting.has(each)));
}

/** Whether a response has this code. A code with a matching rule is left to Pact. */
function mayHaveCode({ body, matchingRules }: PactResponse, code: unknown): boolean {
  const rules = matchingRules?.body;
  if (typeof rules === "object" && rules !== null && "$.code" in rules) return true;
  return codeOf(body?.content) === code;
}

/** The venue's own code, which distinguishes most interactions without calling Pact. */
function codeOf(body: unknown): unknown {
  return typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An HTML page has no code.
    return undefined;
  }
}
