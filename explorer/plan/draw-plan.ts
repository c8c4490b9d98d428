import { completeFault, FAULT_KINDS, type Fault, kindOf } from "../../chaos/index.ts";
import { hashText, type Random, seededRandom } from "../../core/index.ts";
import { type TradingVenueName, tradingAmong } from "../../venues/index.ts";
import type { Subject } from "../experiment/subject.ts";
import { FAULT_MENU, type FaultClass } from "./fault-menu.ts";
import type { Action, Plan, PlannedFault, Step } from "./plan.ts";
import { drawClass, drawSwarm } from "./swarm.ts";

/** What the platform under test allows. */
export interface DrawLimits {
  readonly venues: readonly [TradingVenueName, ...TradingVenueName[]];
  /** The longest time for which a message may be held up. */
  readonly holdMs: number;
  readonly canCancel: boolean;
  /** The classes of faults to draw from. */
  readonly menu: readonly FaultClass[];
  /** The links and processes on which faults may be; null: any. */
  readonly links: readonly string[] | null;
}

/** What can be drawn for a platform in a lab. */
export function drawLimits(
  { platform, holdMs }: Subject,
  { links, hasKanitEngine }: Pick<DrawLimits, "links"> & { readonly hasKanitEngine: boolean },
): DrawLimits {
  const [first = "binance", ...others] = tradingAmong(platform.venues);
  const canCancel = platform.api.driver !== null || platform.api.cancel !== null;
  return { venues: [first, ...others], holdMs, canCancel, links, menu: menuFor(hasKanitEngine) };
}

const MOST_CLIENTS = 3;
const FEWEST_STEPS = 5;
const MORE_STEPS = 9;
const LONGEST_PAUSE_MS = 30;
/** By how many faults an experiment has, from none on: their shares. */
const FAULT_SHARES = [0.08, 0.42, 0.32, 0.18];
/** A fault begins right before a step, or within this time after its start. */
const LATEST_MS = 60;

/** The seed of the n-th experiment. */
export function seedOf(seed: number, number: number): number {
  return hashText(`experiment ${number}`, seed) >>> 1;
}

/** Draws an experiment. The same seed and limits give the same one. */
export function drawPlan(seed: number, limits: DrawLimits): Plan {
  const random = seededRandom(seed);
  const steps = drawSteps(random.fork("program"), limits);
  return { seed, steps, faults: drawFaults(random.fork("faults"), limits, steps) };
}

function drawSteps(random: Random, limits: DrawLimits): readonly Step[] {
  const clients = 1 + random.below(MOST_CLIENTS);
  const count = FEWEST_STEPS + random.below(MORE_STEPS + 1);
  // As with faults, some experiments use only some of the venues.
  const venues = random.next() < 0.5 ? limits.venues : ([random.pick(limits.venues)] as const);
  const steps: Step[] = [];
  for (let id = 0; id < count; id++) {
    const placed = steps.flatMap((step) => (step.does.kind === "place" ? [step.id] : []));
    steps.push({
      id,
      client: random.below(clients),
      pauseMs: random.next() < 0.5 ? 0 : random.below(LONGEST_PAUSE_MS),
      does: drawAction(random, venues, placed, limits.canCancel),
    });
  }
  return steps;
}

function drawAction(
  random: Random,
  venues: DrawLimits["venues"],
  placed: readonly number[],
  canCancel: boolean,
): Action {
  const draw = random.next();
  // The latest orders are the ones in progress.
  const of = placed[placed.length - 1 - Math.floor(random.next() ** 2 * placed.length)];
  if (of === undefined || draw < 0.45) return drawOrder(random, venues);
  if (draw < 0.62) return { kind: "repeat", of };
  if (draw < 0.67) return { kind: "conflict", of };
  if (draw < 0.85 && canCancel) return { kind: "cancel", of };
  if (draw < 0.95) return { kind: "query", of };
  return draw < 0.975 ? { kind: "positions" } : { kind: "quote", venue: random.pick(venues) };
}

function drawOrder(random: Random, venues: DrawLimits["venues"]): Action {
  return {
    kind: "place",
    venue: random.pick(venues),
    style: random.pick(["nearTouch", "nearTouch", "marketable", "market"]),
    side: random.pick(["buy", "sell"]),
    quantity: random.next(),
    distance: random.next(),
  };
}

function drawFaults(random: Random, limits: DrawLimits, steps: readonly Step[]): readonly PlannedFault[] {
  const classes = drawSwarm(random, limits.menu);
  const used = steps.flatMap(({ does }) => (does.kind === "place" ? [does.venue as TradingVenueName] : []));
  const [first = limits.venues[0], ...others] = [...new Set(used)];
  const place = {
    random,
    venues: [first, ...others] as const,
    holdMs: limits.holdMs,
    orders: Math.ceil(used.length / (others.length + 1)),
  };
  const faults: PlannedFault[] = [];
  const count = drawCount(random);
  for (let number = 0; number < count; number++) {
    const { fault, forMs } = drawClass(random, classes).draw(place);
    const planned: PlannedFault = {
      fault: completeFault(fault),
      step: random.below(steps.length),
      afterMs: random.next() < 0.6 ? 0 : random.below(LATEST_MS),
      forMs,
    };
    const mayBe = limits.links === null || limits.links.includes(planned.fault.link);
    if (mayBe && !faults.some((other) => excludes(other.fault, planned.fault))) faults.push(planned);
  }
  return faults;
}

function drawCount(random: Random): number {
  const draw = random.next();
  let share = 0;
  for (const [count, each] of FAULT_SHARES.entries()) {
    share += each;
    if (draw < share) return count;
  }
  return FAULT_SHARES.length - 1;
}

/** Two faults that would undo each other when one of them heals, or of which one leaves nothing for the other. */
function excludes(one: Fault, other: Fault): boolean {
  if (one.kind === other.kind && one.link === other.link) return true;
  const mine = kindOf(one).exclusive(one);
  return mine !== null && mine === kindOf(other).exclusive(other);
}

/** The classes of faults that this lab can carry out: some need kanit's own fault proxy. */
function menuFor(hasKanitEngine: boolean): readonly FaultClass[] {
  if (hasKanitEngine) return FAULT_MENU;
  const probe = { random: seededRandom(1), venues: ["binance"] as const, holdMs: 200, orders: 1 };
  return FAULT_MENU.filter(({ draw }) => FAULT_KINDS[draw(probe).fault.kind].needs === "toxiproxy");
}
