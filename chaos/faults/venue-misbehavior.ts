import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { NetworkError, requestHttp, withoutCredentials } from "../../network/index.ts";
import {
  MISBEHAVIOR_VENUES,
  type MisbehaviorName,
  misbehaviorsOf,
  VENUE_LINKS,
  VENUE_NAMES,
  type VenueName,
  venuesOf,
} from "../../venues/index.ts";
import { choice, wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import type { FaultContext, FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const VENUES_TO_CHOOSE = VENUE_NAMES as readonly [VenueName, ...VenueName[]];
const MISBEHAVIORS = Object.keys(MISBEHAVIOR_VENUES) as unknown as readonly [
  MisbehaviorName,
  ...MisbehaviorName[],
];

const statement = stateFault({
  kind: "venue-misbehavior",
  specs: {
    venue: choice("the exchange", VENUES_TO_CHOOSE),
    misbehavior: choice("the misbehavior's name in docs/misbehaviors.md", MISBEHAVIORS),
    every: wholeNumber("count", "it happens on every n-th occasion", { fallback: 1, min: 1 }),
  },
  required: ["venue", "misbehavior"],
  complaint({ link, venue, misbehavior }) {
    const links = VENUE_LINKS.filter((each) => each.venue === venue).map((each) => each.name);
    if (!links.some((each) => each === link))
      return { attribute: "link", expected: `a link of ${venue} (${links.join(", ")})`, known: links };
    if (venuesOf(misbehavior).includes(venue)) return undefined;
    return {
      attribute: "misbehavior",
      expected: `a misbehavior of ${venue}`,
      known: misbehaviorsOf(venue),
    };
  },
});

/** Its link is the one on which the platform sees the misbehavior. */
type VenueMisbehavior = FaultIn<typeof statement>;

const DEADLINE_MS = 5_000;
const answer = z.object({ bites: z.number() });

/** The exchange itself misbehaves: it loses a frame, an acknowledgement, an answer. */
export const venueMisbehavior: FaultKind<VenueMisbehavior> = {
  ...statement,
  toxic: null,
  needs: "toxiproxy",
  livesIn: "venue",
  protocol: "tcp",
  stopsAll: false,
  exclusive: ({ venue, misbehavior }) => `${misbehavior} of ${venue}`,
  summary: "the exchange stub misbehaves in a known way of its exchange",
  healing: "The stub behaves normally again.",
  label: ({ venue, misbehavior, every }) =>
    `${misbehavior} at ${venue}${every === 1 ? "" : `, every ${every} occasions`}`,
  async inject(fault, context) {
    await ask(fault, context, "PUT", { every: fault.every });
    return {
      label: venueMisbehavior.label(fault),
      heal: async () => {
        await ask(fault, context, "DELETE");
      },
      bite: async () => {
        const { bites } = await ask(fault, context, "GET");
        return { kind: "counted", connections: bites, bytes: 0, messages: null };
      },
    };
  },
};

async function ask(
  { venue, misbehavior }: VenueMisbehavior,
  { venueControlUrl }: FaultContext,
  method: string,
  body?: unknown,
): Promise<z.infer<typeof answer>> {
  const url = `${venueControlUrl}/venues/${venue}/misbehaviors/${misbehavior}`;
  const { ok, status, text } = await requestHttp(url, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    headers: body === undefined ? {} : { "content-type": "application/json" },
    deadlineMs: DEADLINE_MS,
  }).catch((error: unknown) => {
    if (!(error instanceof NetworkError)) throw error;
    throw refused(`${method} ${withoutCredentials(url)}`, error.received, error);
  });
  if (!ok) throw refused(`${method} ${withoutCredentials(url)}`, `${status}: ${text.slice(0, 300)}`);
  return answer.parse(JSON.parse(text));
}

function refused(call: string, received: string, cause?: unknown): UnavailableError {
  return new UnavailableError({
    code: "venue-misbehavior-refused",
    message: `Expected ${call} to answer 2xx, got ${received}.`,
    nextStep: "Name a venue of the lab and one of its misbehaviors; the exchanges' control API lists them.",
    cause,
  });
}
