import type { PlatformApi } from "../../api/index.ts";
import type { Clock } from "../../core/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import {
  agrees,
  check,
  compareQuotes,
  grantedMs,
  type QuoteWatch,
  setMarketPaused,
  type TimeLimit,
} from "../../harness/index.ts";
import { type TradingVenueName, VENUE_LINKS } from "../../venues/index.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Program } from "./play-program.ts";

const POLL_MS = 50;
/** Steps of the recovery are numbered from here on, beyond those of any program. */
const FIRST_STEP = 1_000;

interface Recovery {
  readonly program: Program;
  readonly venues: readonly TradingVenueName[];
  readonly limit: TimeLimit;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Demands that the platform works again, when nothing is wrong any more: whoever was not answered asks again with the
 * same key and gets an answer, and each venue gets one more order, which is accepted.
 */
export async function recover({
  program,
  venues,
  limit,
  clock,
  signal,
}: Recovery): Promise<readonly CheckRecord[]> {
  let step = FIRST_STEP;
  const answered = await until(() => program.askAgain(), limit, clock, signal);
  const accepts = await Promise.all(
    venues.map(async (venue) => ({
      venue,
      accepted: await until(() => program.place(orderAt(venue, step++)), limit, clock, signal),
    })),
  );
  const seconds = limit.limitMs / 1_000;
  return [
    judge("answers-come", `every order is answered within ${seconds} s of healing`, answered, "not all were"),
    ...accepts.map(({ venue, accepted }) =>
      judge(
        `recovers at ${venue}`,
        `an order is accepted within ${seconds} s of healing`,
        accepted,
        "none was",
      ),
    ),
  ];
}

function judge(name: string, expected: string, holds: boolean, otherwise: string): CheckRecord {
  return check({ kind: "recovery", name, basis: "time", expected }, () => ({
    verdict: holds ? "pass" : "fail",
    received: holds ? "in time" : otherwise,
    judgedBy: { count: 1, noun: "recovery" },
  }));
}

function orderAt(venue: TradingVenueName, id: number): Step {
  const does = {
    kind: "place",
    venue,
    style: "marketable",
    side: "buy",
    quantity: 0.1,
    distance: 0.5,
  } as const;
  return { id, client: 0, pauseMs: 0, does };
}

interface Quoting extends Pick<Recovery, "program" | "limit" | "clock" | "signal" | "venues"> {
  readonly plan: Plan;
  readonly api: Pick<PlatformApi, "ask" | "questions">;
  readonly venueControl: string;
  readonly quotes: Pick<QuoteWatch, "snapshot">;
}

/** Two frames of the slowest depth stream: a gap shows only in the next frame. */
const FRAMES_MS = 300;
/** How long quotes may take to follow the market when it is halted, before it goes on for another while. */
const HALT_MS = 150;

/**
 * Waits until the feeds that a fault could disturb have a right book again. The market is halted for each look at them,
 * and goes on afterwards: a gap shows only in the next frame, which never comes while it is halted.
 */
export async function untilQuoted(quoting: Quoting): Promise<void> {
  const { plan, api, quotes, venues, venueControl, program, limit, clock, signal } = quoting;
  const isDisturbed = plan.faults.some(({ fault }) => venues.some((venue) => disturbs(fault.link, venue)));
  if (!isDisturbed) return;
  const asked = api.questions.has("quote") ? api : null;
  const { operations } = program;
  const sources = {
    api: asked,
    venueControl,
    operations,
    snapshot: quotes.snapshot,
    clock,
    withinMs: HALT_MS,
  };
  const look = async () => {
    await clock.sleep(FRAMES_MS, signal);
    await setMarketPaused(venueControl, true);
    const { comparisons } = await compareQuotes(sources, signal);
    await setMarketPaused(venueControl, false);
    return comparisons.every(agrees);
  };
  await until(look, limit, clock, signal);
}

/** Processes stand for all that runs through them. */
function disturbs(link: string, venue: TradingVenueName): boolean {
  const known = VENUE_LINKS.find(({ name }) => name === link);
  if (known !== undefined) return known.venue === venue && known.channel === "ws";
  return link === "platform" || link === "exchanges";
}

async function until(
  holds: () => Promise<boolean>,
  limit: TimeLimit,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const startMs = clock.monotonicMs();
  for (;;) {
    const beganMs = clock.monotonicMs() - startMs;
    if (await holds()) return true;
    if (beganMs > grantedMs(limit)) return false;
    await clock.sleep(POLL_MS, signal);
  }
}
