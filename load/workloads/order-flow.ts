import { type Random, seededRandom } from "../../core/index.ts";
import type { HttpClient, HttpRequest, HttpResult } from "../http/exchange.ts";
import type { OrderFlowPlan } from "../load-plan.ts";
import type { OperationKind, OrderRequest } from "../operation.ts";
import { KnownOrders } from "./known-orders.ts";
import type { OrderDraws } from "./order-draws.ts";
import { priceOrder } from "./order-pricing.ts";
import { isRetryable } from "./outcome-of-status.ts";
import { parseJson } from "./parse-json.ts";
import { openQuoteStream, type QuoteStream, quoteSchema } from "./quote-stream.ts";
import { readResult } from "./read-result.ts";
import { weightedChoice } from "./weighted-choice.ts";
import type { PreparedOperation, Reading, Workload } from "./workload.ts";

/** What the order flow needs besides its plan. */
export interface OrderFlowOptions {
  readonly baseUrl: string;
  readonly allowedHosts: readonly string[];
  readonly seed: number;
  readonly keyPrefix: string;
  readonly client: HttpClient;
}

/** Orders in these states cannot be canceled. */
const ENDED: ReadonlySet<string> = new Set(["FILLED", "CANCELED", "REJECTED", "EXPIRED"]);

/** A client waits as long as `Retry-After` says, but no longer than this. */
const MAX_RETRY_PAUSE_MS = 5_000;

/**
 * Clients of a trading platform: they place orders priced by live quotes, look them up, cancel them, and read
 * positions and quotes. Each planned start draws the same number of random values, so that the seed decides
 * what the n-th client does, independent of earlier answers; only prices and the ids of known orders come
 * from the run itself.
 */
export function createOrderFlow(plan: OrderFlowPlan, options: OrderFlowOptions): Workload {
  const random = seededRandom(options.seed).fork("order-flow");
  const known = new KnownOrders();
  const resting = new KnownOrders();
  // The second answer to an order that was submitted twice is ignored.
  const remembered = new WeakSet<PreparedOperation>();
  // A separate random sequence, so that the same seed gives the same orders whatever the share is.
  const doubling = seededRandom(options.seed).fork("double-submit");
  const stream = openQuoteStream(webSocketUrl(options.baseUrl), options.allowedHosts, plan.pingIntervalMs);
  let placed = 0;

  const place = (draws: FlowDraws): PreparedOperation => {
    placed += 1;
    const order = priceOrder(draws.venue, plan.symbol, draws.order, stream.quote(draws.venue, plan.symbol));
    return placeOperation(order, `${options.keyPrefix}-${placed}`);
  };

  const next = (): readonly PreparedOperation[] => {
    const doubled = doubling.next() < plan.doubleSubmitShare;
    const operation = prepare(draw(random, plan));
    return doubled && operation.kind === "place" ? [operation, operation] : [operation];
  };

  const prepare = (draws: FlowDraws): PreparedOperation => {
    switch (draws.kind) {
      case "place":
        return place(draws);
      case "query":
        return aboutOrder("query", "GET", known.pick(draws.target)) ?? place(draws);
      case "cancel":
        return aboutOrder("cancel", "DELETE", resting.take(draws.target)) ?? place(draws);
      case "positions":
        return read("positions", "/api/positions");
      case "quote":
        return read("quote", quotePath(draws.venue, plan.symbol));
    }
  };

  const readAnswer = (operation: PreparedOperation, result: HttpResult, attempt: number): Reading => {
    const reading = readResult(result);
    if (operation.kind !== "place") return { ...reading, orderId: operation.orderId, retryInMs: null };
    if (reading.orderId !== null && reading.outcome === "succeeded" && !remembered.has(operation)) {
      remembered.add(operation);
      known.remember(reading.orderId);
      if (!ENDED.has(reading.orderStatus ?? "")) resting.remember(reading.orderId);
    }
    const again = attempt < plan.maxAttempts && isRetryable(reading.httpStatus, reading.error);
    return { ...reading, retryInMs: again ? retryPauseMs(result, plan.retryPauseMs) : null };
  };

  return {
    prepare: () => firstQuotes(plan, options.client, stream),
    next,
    read: readAnswer,
    close: () => stream.close(),
    quoteStreamReport: () => stream.report(),
  };
}

interface FlowDraws {
  readonly kind: keyof OrderFlowPlan["mix"];
  readonly venue: keyof OrderFlowPlan["venues"];
  readonly target: number;
  readonly order: OrderDraws;
}

function draw(random: Random, plan: OrderFlowPlan): FlowDraws {
  return {
    kind: weightedChoice(plan.mix, random.next()),
    venue: weightedChoice(plan.venues, random.next()),
    target: random.next(),
    order: {
      style: weightedChoice(plan.styles, random.next()),
      side: random.next() < 0.5 ? "buy" : "sell",
      quantity: random.next(),
      distance: random.next(),
    },
  };
}

function retryPauseMs(result: HttpResult, usualMs: number): number {
  const askedSeconds = result.kind === "answered" ? Number(result.retryAfter ?? 0) : 0;
  return Math.max(
    usualMs,
    Number.isFinite(askedSeconds) ? Math.min(askedSeconds * 1_000, MAX_RETRY_PAUSE_MS) : 0,
  );
}

function placeOperation(order: OrderRequest, idempotencyKey: string): PreparedOperation {
  const { price, ...rest } = order;
  const http: HttpRequest = {
    method: "POST",
    path: "/api/orders",
    headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
    body: JSON.stringify(price === null ? rest : order),
  };
  return { kind: "place", http, order, idempotencyKey, orderId: null };
}

function aboutOrder(kind: "query" | "cancel", method: string, orderId: string | undefined) {
  return orderId === undefined
    ? undefined
    : read(kind, `/api/orders/${encodeURIComponent(orderId)}`, method, orderId);
}

function read(
  kind: OperationKind,
  path: string,
  method = "GET",
  orderId: string | null = null,
): PreparedOperation {
  return { kind, http: { method, path, headers: {}, body: "" }, order: null, idempotencyKey: null, orderId };
}

function quotePath(venue: string, symbol: string): string {
  return `/api/quotes/${venue}/${symbol}`;
}

function webSocketUrl(baseUrl: string): string {
  const url = new URL("/ws/quotes", baseUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Requests the first quotes until each venue has one or the time is up; the load starts in either case. */
async function firstQuotes(plan: OrderFlowPlan, client: HttpClient, stream: QuoteStream): Promise<void> {
  const untilMs = performance.now() + plan.quotesWithinMs;
  const venues = Object.entries(plan.venues).filter(([, weight]) => weight > 0);
  const missing = () => venues.map(([venue]) => venue).filter((venue) => !stream.quote(venue, plan.symbol));
  while (missing().length > 0 && performance.now() < untilMs) {
    await Promise.all(missing().map((venue) => fetchQuote(client, venue, plan.symbol, stream, untilMs)));
    if (missing().length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function fetchQuote(
  client: HttpClient,
  venue: string,
  symbol: string,
  stream: QuoteStream,
  untilMs: number,
): Promise<void> {
  const request = { method: "GET", path: quotePath(venue, symbol), headers: {}, body: "" };
  const result = await new Promise<HttpResult | undefined>((resolve) => {
    setTimeout(resolve, Math.max(0, untilMs - performance.now()), undefined);
    client.send(request, resolve);
  });
  if (result?.kind !== "answered" || result.status !== 200) return;
  const quote = quoteSchema.safeParse(parseJson(result.body)).data;
  if (quote !== undefined && stream.quote(venue, symbol) === undefined) stream.remember(venue, symbol, quote);
}
