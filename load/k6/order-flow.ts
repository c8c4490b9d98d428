import { randomSeed, sleep } from "k6";
import { scenario } from "k6/execution";
import http from "k6/http";
import type { Options } from "k6/options";
import { limitPlace, type OrderDraws, orderQuantity } from "../workloads/order-draws.ts";
import { isRetryable } from "../workloads/outcome-of-status.ts";
import { weightedChoice } from "../workloads/weighted-choice.ts";
import {
  EXPECTED_STATUSES,
  type K6Reading,
  readAndCount,
  TREND_STATS,
  thresholdsOf,
  writeSummary,
} from "./measures.ts";
import { readOrderFlowPlan } from "./plan.ts";
import { watchQuotes } from "./quote-stream.ts";

/**
 * The order flow for k6, with the generator's mix, styles, venues, sizes and prices, drawn from one seed and
 * the iteration's number. Virtual users share no state, so each looks up and cancels only its own orders, and
 * prices them by the last quotes that it read.
 */
const plan = readOrderFlowPlan();
const { mix, styles, venues, symbol, maxAttempts, retryPauseMs, pingIntervalMs } = plan.workload;
http.setResponseCallback(http.expectedStatuses(...EXPECTED_STATUSES));

export const options: Options = {
  scenarios: {
    orders: { ...plan.arrivals, exec: "orders", gracefulStop: `${maxAttempts * plan.timeoutMs}ms` },
    quotes: {
      executor: "per-vu-iterations",
      vus: 1,
      iterations: 1,
      exec: "quotes",
      maxDuration: `${plan.durationMs + plan.timeoutMs}ms`,
    },
  },
  thresholds: thresholdsOf(plan, Object.keys(mix)),
  summaryTrendStats: TREND_STATS,
};

interface Quote {
  readonly bid: string;
  readonly ask: string;
}
type Quotes = Record<string, Quote>;

const known: string[] = [];
const resting: string[] = [];
/** The oldest are dropped first, as in the generator. */
const MAX_KNOWN = 1_000;
let seen: Quotes | undefined;

/** The first quotes, for every virtual user. They are not measured. */
export function setup(): Quotes {
  const quotes: Quotes = {};
  for (const venue of Object.keys(venues)) {
    const response = http.get(`${plan.baseUrl}/api/quotes/${venue}/${symbol}`, { timeout: plan.timeoutMs });
    if (response.status === 200) quotes[venue] = response.json() as unknown as Quote;
  }
  return quotes;
}

/** One operation at a planned start. */
export function orders(first: Quotes): void {
  seen ??= { ...first };
  randomSeed(plan.seed * 1_000_003 + scenario.iterationInTest);
  const kind = weightedChoice(mix, Math.random());
  const venue = weightedChoice(venues, Math.random());
  const draws: OrderDraws = {
    style: weightedChoice(styles, Math.random()),
    side: Math.random() < 0.5 ? "buy" : "sell",
    quantity: Math.random(),
    distance: Math.random(),
  };
  const query = kind === "query" ? known[Math.floor(Math.random() * known.length)] : undefined;
  const cancel = kind === "cancel" ? resting.pop() : undefined;
  if (query !== undefined) ask("query", "GET", `/api/orders/${query}`, "/api/orders/:id");
  else if (cancel !== undefined) ask("cancel", "DELETE", `/api/orders/${cancel}`, "/api/orders/:id");
  else if (kind === "positions") ask("positions", "GET", "/api/positions");
  else if (kind === "quote") lookAtQuote(venue);
  else place(venue, draws);
}

/** The clients' WebSocket: one stream besides the orders, during the whole run. */
export function quotes(): void {
  watchQuotes(plan.baseUrl, plan.durationMs, pingIntervalMs);
}

/** Called by k6 at the end. */
export function handleSummary(data: object): Record<string, string> {
  return writeSummary(data);
}

function ask(kind: string, method: string, path: string, name = path) {
  const params = { tags: { measured: "yes", kind, name }, timeout: plan.timeoutMs };
  const response = http.request(method, plan.baseUrl + path, null, params);
  readAndCount(response);
  return response;
}

function lookAtQuote(venue: string): void {
  const response = ask("quote", "GET", `/api/quotes/${venue}/${symbol}`);
  if (response.status === 200 && seen !== undefined) seen[venue] = response.json() as unknown as Quote;
}

function place(venue: string, draws: OrderDraws): void {
  const body = JSON.stringify(orderOf(venue, draws));
  const idempotencyKey = `${plan.keyPrefix}-${scenario.iterationInTest + 1}`;
  for (let attempt = 1; ; attempt++) {
    const reading = send(body, idempotencyKey);
    if (reading.outcome === "succeeded" && reading.orderId !== null) remember(reading.orderId);
    if (attempt === maxAttempts || !isRetryable(reading.status, reading.error)) return;
    sleep(retryPauseMs / 1_000);
  }
}

function send(body: string, idempotencyKey: string): K6Reading {
  const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey };
  const tags = { measured: "yes", kind: "place", name: "/api/orders" };
  return readAndCount(
    http.post(`${plan.baseUrl}/api/orders`, body, { headers, tags, timeout: plan.timeoutMs }),
  );
}

function orderOf(venue: string, draws: OrderDraws): object {
  const quantity = orderQuantity(symbol, draws);
  const common = { venue, symbol, side: draws.side, quantity };
  const quote = seen?.[venue];
  if (draws.style === "market" || quote === undefined) return { ...common, type: "market" };
  const { touch, ticks } = limitPlace(draws);
  // Whole ticks of 0.01 are exact in a double up to 90 trillion.
  const priceTicks = Math.max(1, Math.round(Number(quote[touch]) * 100) + ticks);
  return { ...common, type: "limit", price: (priceTicks / 100).toFixed(2) };
}

function remember(orderId: string): void {
  for (const ids of [known, resting]) {
    ids.push(orderId);
    if (ids.length > MAX_KNOWN) ids.shift();
  }
}
