import { counted } from "../../core/index.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { Invariant } from "./invariant.ts";

/** The counters that are compared: the sum of each since the start. `requests` excludes those for the metrics. */
const COUNTERS = {
  requests: (requests: string) => `sum(http_requests_total{${requests}})`,
  durations: (requests: string) => `sum(http_request_duration_seconds_count{${requests}})`,
  failures: (requests: string) => `sum(http_requests_total{${requests}, status=~"5.."})`,
  blocked: () => "sum(risk_blocks_total)",
  keyed: () => "sum(idempotency_requests_total)",
  conflicts: () => "sum(idempotency_conflicts_total)",
  accepted: () => 'sum(orders_total{outcome="accepted"})',
  unknown: () => 'sum(orders_total{outcome="unknown"})',
  sockets: () => "sum(ws_clients)",
} as const;

export type CounterName = keyof typeof COUNTERS;

/** What is to be requested of a platform's metrics for this invariant. */
export function counterQueries(metricsPath: string): Readonly<Record<CounterName, string>> {
  const requests = `route!=${JSON.stringify(metricsPath)}`;
  const queries = Object.entries(COUNTERS).map(([name, query]) => [name, query(requests)]);
  return Object.fromEntries(queries) as Record<CounterName, string>;
}

/** The metric of each counter, by which a platform says that it does not have it. */
const METRIC_OF: Readonly<Record<CounterName, string>> = {
  requests: "http_requests_total",
  durations: "http_request_duration_seconds",
  failures: "http_requests_total",
  blocked: "risk_blocks_total",
  keyed: "idempotency_requests_total",
  conflicts: "idempotency_conflicts_total",
  accepted: "orders_total",
  unknown: "orders_total",
  sockets: "ws_clients",
};

/** The value of a counter of the platform, and the range that the harness's own counts give. */
interface Count {
  readonly what: string;
  readonly counter: CounterName;
  /** Null when the platform has no such series. */
  readonly counted: number | null;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Requests of the lab and of the load's preparation, before the history begins. */
const UNRECORDED_REQUESTS = 100;
/** Triggers use ratios and rates, which a counter's error within this share does not change. */
const TOLERANCE = 0.02;
const FEW = 3;

/**
 * Whether the platform's counters are right, by the counts of clients and venues. Triggers depend on the
 * numbers they get: with a counter that never increases, no trigger fires whatever goes wrong. Only requests
 * whose answer never came leave room between the two counts.
 */
export const metricsAgree: Invariant = {
  statement: "the platform's counters agree with what its clients and venues counted",
  mayComeLate: false,
  needs: (state) => {
    // Counters begin anew with the process.
    if (state.counters.platformStartedAgain)
      return "counters of the whole run: it was killed and started again";
    const names = Object.keys(COUNTERS) as CounterName[];
    return names.some((name) => hasCounter(state, name)) ? null : "counters in the platform's metrics";
  },
  check: (state) => {
    if (!state.counters.readAtRest) {
      const judgedBy = { count: 0, noun: "counter" };
      return { verdict: "inconclusive", received: "not read after the load's end", judgedBy };
    }
    // Where nothing happened that would have to be counted, there may be no series yet.
    const counts = [...requestCounts(state), ...orderCounts(state), socketCount(state)].filter(
      ({ counter, counted, atLeast }) => hasCounter(state, counter) && (counted !== null || atLeast > 0),
    );
    const wrong = counts.filter(({ counted, atLeast, atMost }) => {
      const value = counted ?? 0;
      return value < atLeast * (1 - TOLERANCE) - FEW || value > atMost * (1 + TOLERANCE) + FEW;
    });
    const judgedBy = { count: counts.length, noun: "counter" };
    // Where none was read, the metrics were not: that says nothing of any counter.
    if (counts.every(({ counted }) => counted === null))
      return { verdict: "inconclusive", received: "no counters", judgedBy };
    if (wrong.length === 0) return { verdict: "pass", received: counted(counts.length, "counter"), judgedBy };
    return { verdict: "fail", received: wrong.map(describe).join("; "), judgedBy };
  },
};

function describe({ what, counted, atLeast, atMost }: Count): string {
  const range = atLeast === atMost ? String(atLeast) : `${atLeast} to ${atMost}`;
  return `${what}: counted ${counted ?? "nothing"}, there were ${range}`;
}

/** What counts requests, whatever they ask for. */
const OF_REQUESTS: readonly CounterName[] = ["requests", "durations", "failures"];

/** Whether there is something to compare with it, and the platform does not say that it lacks it. */
function hasCounter({ offers }: FinalState, name: CounterName): boolean {
  if (!offers.requestsAreKnown && OF_REQUESTS.includes(name)) return false;
  return !offers.lacksMetrics.includes(METRIC_OF[name]);
}

function counterOf({ counters }: FinalState, name: CounterName): number | null {
  return counters.values[name] ?? null;
}

function requestCounts(state: FinalState): readonly Count[] {
  const { operations } = state;
  const { ownRequests } = state.counters;
  const answered = operations.filter(({ httpStatus }) => httpStatus !== null);
  const failed = answered.filter(({ httpStatus }) => (httpStatus ?? 0) >= 500);
  const unanswered = operations.filter(({ outcome }) => outcome === "unknown").length;
  const all = {
    atLeast: answered.length,
    atMost: answered.length + unanswered + ownRequests + UNRECORDED_REQUESTS,
  };
  return [
    { what: "requests", counter: "requests", counted: counterOf(state, "requests"), ...all },
    {
      what: "durations of requests",
      counter: "durations",
      counted: counterOf(state, "durations"),
      ...all,
    },
    {
      what: "requests that failed",
      counter: "failures",
      counted: counterOf(state, "failures"),
      atLeast: failed.length,
      atMost: failed.length + unanswered + ownRequests,
    },
  ];
}

/** A client that closed its socket must no longer be counted. */
function socketCount(state: FinalState): Count {
  const atMost = state.counters.openSockets;
  return {
    what: "open quote sockets",
    counter: "sockets",
    counted: counterOf(state, "sockets"),
    atLeast: 0,
    atMost,
  };
}

function orderCounts(state: FinalState): readonly Count[] {
  const { operations, venues } = state;
  const places = operations.filter(({ kind }) => kind === "place");
  const unanswered = places.filter(({ outcome }) => outcome === "unknown").length;
  const blocked = places.filter(({ error }) => error === "risk_block");
  const conflicts = places.filter(({ error }) => error === "idempotency_conflict").length;
  const atVenues = venues.reduce((sum, { orders }) => sum + orders.length, 0);
  const unknown = counterOf(state, "unknown") ?? 0;
  return [
    {
      what: "orders blocked by risk limits",
      counter: "blocked",
      counted: counterOf(state, "blocked"),
      // A repeated key may get its first answer again, and then counts as blocked only once.
      atLeast: new Set(blocked.map(({ idempotencyKey }) => idempotencyKey)).size,
      atMost: blocked.length + unanswered,
    },
    {
      what: "orders with an idempotency key",
      counter: "keyed",
      counted: counterOf(state, "keyed"),
      atLeast: places.filter(({ httpStatus, outcome }) => httpStatus !== null || outcome === "succeeded")
        .length,
      atMost: places.length,
    },
    {
      what: "conflicts of idempotency keys",
      counter: "conflicts",
      counted: counterOf(state, "conflicts"),
      atLeast: conflicts,
      atMost: conflicts + unanswered,
    },
    {
      what: "orders that venues accepted",
      counter: "accepted",
      counted: counterOf(state, "accepted"),
      // An order whose outcome was unknown at first may have reached the venue.
      atLeast: Math.max(0, atVenues - unknown - unanswered),
      atMost: atVenues,
    },
  ];
}
