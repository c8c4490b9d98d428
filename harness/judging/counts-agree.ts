import type { CheckRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import type { VenueTruth } from "../observation/venue-books.ts";

/** What a counter of the platform says, and between what the harness's own counts put it. */
interface Count {
  readonly what: string;
  /** Null where the platform has no such series. */
  readonly counted: number | null;
  readonly atLeast: number;
  readonly atMost: number;
}

export interface CountSources {
  readonly operations: readonly Operation[];
  readonly venues: readonly VenueTruth[];
  /** Quote sockets that are open: those of the load and of the harness. */
  readonly openSockets: number;
  /** Requests of the harness itself, which the platform counts as well. */
  readonly ownRequests: number;
  /** The value of a query over the platform's metrics at the end; null without data. */
  readonly query: (expression: string) => number | null;
}

/** Requests of the lab and of the load's preparations, before the history begins. */
const UNTOLD_REQUESTS = 100;
/** Triggers look at ratios and rates: what a counter misses or adds within this share changes none of them. */
const TOLERANCE = 0.02;
const FEW = 3;

/**
 * Whether the platform's counters tell what happened, by the counts of clients and venues. Triggers are as good as
 * the numbers they are given: one that never moves keeps a dashboard green through any disaster. Only requests whose
 * answer never came leave room between the two.
 */
export function judgeCounts(sources: CountSources): CheckRecord {
  const check = {
    kind: "invariant",
    name: "metrics-agree",
    expected: "the platform's counters count what its clients and venues counted",
  } as const;
  const counts = [...requestCounts(sources), ...orderCounts(sources), socketCount(sources)].filter(
    ({ counted }) => counted !== null,
  );
  const wrong = counts.filter(({ counted, atLeast, atMost }) => {
    const value = counted ?? 0;
    return value < atLeast * (1 - TOLERANCE) - FEW || value > atMost * (1 + TOLERANCE) + FEW;
  });
  if (counts.length === 0) return { ...check, verdict: "inconclusive", received: "no counters" };
  if (wrong.length === 0) return { ...check, verdict: "pass", received: `${counts.length} counters` };
  return { ...check, verdict: "fail", received: wrong.map(describe).join("; ") };
}

function describe({ what, counted, atLeast, atMost }: Count): string {
  const range = atLeast === atMost ? String(atLeast) : `${atLeast} to ${atMost}`;
  return `${what}: counted ${counted}, there were ${range}`;
}

function requestCounts({ operations, ownRequests, query }: CountSources): readonly Count[] {
  const answered = operations.filter(({ httpStatus }) => httpStatus !== null);
  const failed = answered.filter(({ httpStatus }) => (httpStatus ?? 0) >= 500);
  const unanswered = operations.filter(({ outcome }) => outcome === "unknown").length;
  const all = {
    atLeast: answered.length,
    atMost: answered.length + unanswered + ownRequests + UNTOLD_REQUESTS,
  };
  return [
    { what: "requests", counted: query('sum(http_requests_total{route!="/metrics"})'), ...all },
    {
      what: "durations of requests",
      counted: query('sum(http_request_duration_seconds_count{route!="/metrics"})'),
      ...all,
    },
    {
      what: "requests that failed",
      counted: query('sum(http_requests_total{route!="/metrics", status=~"5.."})'),
      atLeast: failed.length,
      atMost: failed.length + unanswered + ownRequests,
    },
  ];
}

/** Those who looked in for a moment and left are to be forgotten. */
function socketCount({ openSockets, query }: CountSources): Count {
  return { what: "open quote sockets", counted: query("sum(ws_clients)"), atLeast: 0, atMost: openSockets };
}

function orderCounts({ operations, venues, query }: CountSources): readonly Count[] {
  const places = operations.filter(({ kind }) => kind === "place");
  const unanswered = places.filter(({ outcome }) => outcome === "unknown").length;
  const blocked = places.filter(({ error }) => error === "risk_block");
  const conflicts = places.filter(({ error }) => error === "idempotency_conflict").length;
  const atVenues = venues.reduce((sum, { orders }) => sum + orders.length, 0);
  const unknown = query('sum(orders_total{outcome="unknown"})') ?? 0;
  return [
    {
      what: "orders blocked by risk limits",
      counted: query("sum(risk_blocks_total)"),
      // A repeated key may get its first answer again, and is then blocked once.
      atLeast: new Set(blocked.map(({ idempotencyKey }) => idempotencyKey)).size,
      atMost: blocked.length + unanswered,
    },
    {
      what: "orders with an idempotency key",
      counted: query("sum(idempotency_requests_total)"),
      atLeast: places.filter(({ httpStatus }) => httpStatus !== null).length,
      atMost: places.length,
    },
    {
      what: "conflicts of idempotency keys",
      counted: query("sum(idempotency_conflicts_total)"),
      atLeast: conflicts,
      atMost: conflicts + unanswered,
    },
    {
      what: "orders that venues accepted",
      counted: query('sum(orders_total{outcome="accepted"})'),
      // Of an order whose outcome was unknown at first, the venue may have had it.
      atLeast: Math.max(0, atVenues - unknown - unanswered),
      atMost: atVenues,
    },
  ];
}
