import type { Random } from "../../core/index.ts";
import type { LabFaultInput } from "../../harness/index.ts";
import type { TradingVenueName } from "../../venues/index.ts";

/** What a fault may be drawn for. */
interface FaultPlace {
  readonly random: Random;
  /** The venues that the platform trades and the program uses. */
  readonly venues: readonly [TradingVenueName, ...TradingVenueName[]];
  /** The longest time for which a message may be held up, so that a platform may not yet call it lost. */
  readonly holdMs: number;
  /** How often each venue gets an order in the program, at least 1. */
  readonly orders: number;
}

/** A drawn fault with its duration; what is chosen by a message's number stays until the program ends. */
interface DrawnFault {
  readonly fault: LabFaultInput;
  readonly forMs: number;
}

/** A kind of thing that can go wrong, as swarms switch it on and off. */
export interface FaultClass {
  readonly name: string;
  /** Relative to the others: rarer where it costs more time. */
  readonly weight: number;
  readonly draw: (place: FaultPlace) => DrawnFault;
}

/** Longer than any program: until it ends. */
const UNTIL_END_MS = 60_000;

const ORDER_PATH: Readonly<Record<TradingVenueName, string>> = {
  binance: "^/api/v3/order$",
  btcturk: "^/api/v1/order$",
};
/** The answers to orders are some hundred bytes long. */
const MOST_BODY_BYTES = 120;
const ENDINGS = ["hang", "close", "reset"] as const;
const BREAKS = ["close", "reset"] as const;

/** From 20 ms to `mostMs`, with small values as likely as large ones. */
function drawMs(random: Random, mostMs: number): number {
  return Math.round(20 * (Math.max(20, mostMs) / 20) ** random.next());
}

const restOf = (venue: TradingVenueName) => `${venue}-rest` as const;
const streamOf = (venue: TradingVenueName) => `${venue}-ws` as const;

function nthOf({ random, orders }: FaultPlace): { readonly nth: number } {
  return { nth: 1 + random.below(Math.max(1, orders)) };
}

function onVenue(
  name: string,
  weight: number,
  fault: (place: FaultPlace, venue: TradingVenueName) => LabFaultInput,
): FaultClass {
  return {
    name,
    weight,
    draw: (place) => ({ fault: fault(place, place.random.pick(place.venues)), forMs: UNTIL_END_MS }),
  };
}

function misbehaving(
  name: Extract<LabFaultInput, { kind: "venue-misbehavior" }>["misbehavior"] & string,
  venue: TradingVenueName,
  channel: "rest" | "ws",
): FaultClass {
  return {
    name: `${venue} ${name}`,
    weight: 0.5,
    draw: ({ random, venues }) => {
      const at = venues.includes(venue) ? venue : venues[0];
      const misbehavior = at === venue ? name : "ack-lost";
      const link = misbehavior === name && channel === "ws" ? streamOf(at) : restOf(at);
      const every = 1 + random.below(3);
      return {
        fault: { kind: "venue-misbehavior", link, venue: at, misbehavior, every },
        forMs: UNTIL_END_MS,
      };
    },
  };
}

/** Every class of faults that experiments draw from. To add one, add it here. */
export const FAULT_MENU: readonly FaultClass[] = [
  onVenue("answer to an order lost", 3, (place, venue) => ({
    kind: "http-reply-lost",
    link: restOf(venue),
    method: "POST",
    path: ORDER_PATH[venue],
    ...nthOf(place),
    how: place.random.pick(ENDINGS),
  })),
  onVenue("answer to a cancel lost", 2, (place, venue) => ({
    kind: "http-reply-lost",
    link: restOf(venue),
    method: "DELETE",
    nth: 1 + place.random.below(2),
    how: place.random.pick(ENDINGS),
  })),
  onVenue("answer to a lookup lost", 2, (place, venue) => ({
    kind: "http-reply-lost",
    link: restOf(venue),
    method: "GET",
    nth: 1 + place.random.below(4),
    how: place.random.pick(ENDINGS),
  })),
  onVenue("gateway answers for the venue", 2, (place, venue) => ({
    kind: "http-answer",
    link: restOf(venue),
    method: place.random.pick(["POST", "DELETE", "GET"]),
    ...nthOf(place),
    status: place.random.pick([500, 502, 503, 504]),
    body: "<html>Bad Gateway</html>",
  })),
  onVenue("answer of the venue truncated", 1, (place, venue) => ({
    kind: "http-body-truncated",
    link: restOf(venue),
    ...nthOf(place),
    bodyBytes: place.random.below(MOST_BODY_BYTES),
  })),
  onVenue("answer of the venue late", 2, (place, venue) => ({
    kind: "http-reply-delay",
    link: restOf(venue),
    method: place.random.pick(["POST", "DELETE", "GET"]),
    ...nthOf(place),
    delayMs: drawMs(place.random, place.holdMs),
  })),
  {
    name: "answer to a client lost",
    weight: 3,
    draw: (place) => ({
      fault: {
        kind: "http-reply-lost",
        link: "api",
        method: place.random.pick(["POST", "POST", "DELETE", "GET"]),
        ...nthOf(place),
        how: place.random.pick(BREAKS),
      },
      forMs: UNTIL_END_MS,
    }),
  },
  {
    name: "reply to COMMIT lost",
    weight: 3,
    draw: ({ random, orders }) => ({
      fault: {
        kind: "pg-commit-reply-lost",
        link: random.pick(["pgbouncer", "postgres"]),
        nth: 1 + random.below(3 * Math.max(1, orders)),
        how: random.pick(ENDINGS),
      },
      forMs: UNTIL_END_MS,
    }),
  },
  {
    name: "error of the database",
    weight: 2,
    draw: ({ random, orders }) => ({
      fault: {
        kind: "pg-error-reply",
        link: "pgbouncer",
        pattern: random.pick(["INSERT INTO", "UPDATE orders", "FOR UPDATE", "positions", "fills", ""]),
        nth: 1 + random.below(3 * Math.max(1, orders)),
        sqlState: random.pick(["40001", "40P01", "53300", "57P01"]),
      },
      forMs: UNTIL_END_MS,
    }),
  },
  {
    name: "query late",
    weight: 1,
    draw: ({ random, holdMs, orders }) => ({
      fault: {
        kind: "pg-query-delay",
        link: "pgbouncer",
        pattern: random.pick(["INSERT INTO", "UPDATE", "SELECT"]),
        nth: 1 + random.below(3 * Math.max(1, orders)),
        delayMs: drawMs(random, holdMs),
      },
      forMs: UNTIL_END_MS,
    }),
  },
  {
    name: "database connections reset",
    weight: 1,
    draw: ({ random, holdMs }) => ({
      fault: { kind: "reset-peer", link: random.pick(["pgbouncer", "postgres"]) },
      forMs: Math.max(100, drawMs(random, holdMs)),
    }),
  },
  {
    name: "link held up",
    weight: 2,
    draw: ({ random, venues, holdMs }) => ({
      fault: { kind: "freeze", link: random.pick(["pgbouncer", "postgres", restOf(random.pick(venues))]) },
      forMs: drawMs(random, holdMs),
    }),
  },
  {
    name: "link down",
    weight: 2,
    draw: ({ random, venues, holdMs }) => ({
      fault: {
        kind: "down",
        link: random.pick(["pgbouncer", restOf(random.pick(venues)), streamOf(random.pick(venues))]),
      },
      forMs: drawMs(random, holdMs),
    }),
  },
  {
    name: "frames of a feed lost",
    weight: 2,
    draw: ({ random, venues }) => ({
      fault: { kind: "ws-drop", link: streamOf(random.pick(venues)), every: 2 + random.below(5) },
      forMs: UNTIL_END_MS,
    }),
  },
  {
    name: "frames of a feed disturbed",
    weight: 1,
    draw: ({ random, venues }) => ({
      fault: {
        kind: random.pick(["ws-duplicate", "ws-reorder"]),
        link: streamOf(random.pick(venues)),
        every: 2 + random.below(5),
      },
      forMs: UNTIL_END_MS,
    }),
  },
  {
    name: "platform killed",
    weight: 0.7,
    draw: ({ random }) => ({
      fault: { kind: "kill", process: "platform" },
      forMs: 100 + random.below(100),
    }),
  },
  {
    name: "process paused",
    weight: 1,
    draw: ({ random, holdMs }) => ({
      fault: { kind: "pause", process: random.pick(["platform", "exchanges", "pgbouncer", "postgres"]) },
      forMs: Math.max(50, drawMs(random, holdMs)),
    }),
  },
  misbehaving("ack-lost", "binance", "rest"),
  misbehaving("unknown-status-503", "binance", "rest"),
  misbehaving("fill-before-cancel", "binance", "rest"),
  misbehaving("partial-fill-before-cancel", "binance", "rest"),
  misbehaving("gap", "binance", "ws"),
  misbehaving("ack-lost", "btcturk", "rest"),
  misbehaving("order-failed", "btcturk", "rest"),
  misbehaving("html-504", "btcturk", "rest"),
  misbehaving("gap", "btcturk", "ws"),
];
