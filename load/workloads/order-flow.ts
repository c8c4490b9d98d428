import {
  type Answer,
  type ApiDefinition,
  isOver,
  orderStateOf,
  type PlacedOrder,
  type PlatformApi,
  type Question,
  type QuestionKind,
  QuoteMessages,
} from "../../api/index.ts";
import { type Random, seededRandom } from "../../core/index.ts";
import type { OrderFlowPlan } from "../load-plan.ts";
import { KnownOrders } from "./known-orders.ts";
import type { OrderDraws } from "./order-draws.ts";
import { priceOrder } from "./order-pricing.ts";
import { Prices } from "./prices.ts";
import { openQuoteStream, type QuoteStream } from "./quote-stream.ts";
import { readingOf } from "./reading.ts";
import { weightedChoice } from "./weighted-choice.ts";
import type { PreparedOperation, Reading, Workload } from "./workload.ts";

/** What the order flow needs besides its plan. */
export interface OrderFlowOptions {
  readonly baseUrl: string;
  readonly allowedHosts: readonly string[];
  readonly seed: number;
  readonly keyPrefix: string;
  readonly definition: ApiDefinition;
  readonly api: PlatformApi;
}

/** A client waits as long as `Retry-After` says, but no longer than this. */
const MAX_RETRY_PAUSE_MS = 5_000;

/**
 * Clients of a trading platform: they place orders priced by live quotes, look them up, cancel them, and read
 * positions and quotes, as far as the platform's API has these. Each planned start draws the same number of random
 * values, so that the seed decides what the n-th client does, independent of earlier answers; only prices and the ids
 * of known orders come from the run itself.
 */
export function createOrderFlow(plan: OrderFlowPlan, options: OrderFlowOptions): Workload {
  const { api } = options;
  const random = seededRandom(options.seed).fork("order-flow");
  const known = new KnownOrders<PlacedOrder>();
  const resting = new KnownOrders<PlacedOrder>();
  // The second answer to an order that was submitted twice is ignored.
  const remembered = new WeakSet<PreparedOperation>();
  // A separate random sequence, so that the same seed gives the same orders whatever the share is.
  const doubling = seededRandom(options.seed).fork("double-submit");
  const venues = Object.entries(plan.venues).flatMap(([venue, weight]) => (weight > 0 ? [venue] : []));
  const { questions } = api;
  const mix = possible(plan.mix, questions);
  const prices = new Prices(api, plan.symbol);
  const stream = streamInto(prices, plan, venues, options);
  let placed = 0;

  const place = (draws: FlowDraws): PreparedOperation => {
    placed += 1;
    const order = priceOrder(draws.venue, plan.symbol, draws.order, prices.at(draws.venue));
    const key = `${options.keyPrefix}-${placed}`;
    const asks = { kind: "place", order, key, account: null } as const;
    return { kind: "place", asks, order, idempotencyKey: key, orderId: null };
  };

  const next = (): readonly PreparedOperation[] => {
    const doubled = doubling.next() < plan.doubleSubmitShare;
    const operation = prepare(draw(random, mix, plan));
    return doubled && operation.kind === "place" ? [operation, operation] : [operation];
  };

  const prepare = (draws: FlowDraws): PreparedOperation => {
    switch (draws.kind) {
      case "place":
        return place(draws);
      case "query":
        return concerning("query", known.pick(draws.target)) ?? place(draws);
      case "cancel":
        return concerning("cancel", resting.take(draws.target)) ?? place(draws);
      case "positions":
        return reading({ kind: "positions", account: null });
      case "quote":
        return reading({ kind: "quote", venue: draws.venue, symbol: plan.symbol });
    }
  };

  const read = (operation: PreparedOperation, answer: Answer, attempt: number): Reading => {
    const reading = readingOf(answer);
    const { order, idempotencyKey } = operation;
    if (operation.kind !== "place" || order === null || idempotencyKey === null)
      return { ...reading, orderId: operation.orderId, retryInMs: null };
    if (reading.orderId !== null && reading.outcome === "succeeded" && !remembered.has(operation)) {
      remembered.add(operation);
      const placedOrder = { id: reading.orderId, key: idempotencyKey, order };
      known.remember(placedOrder);
      if (!isOver(orderStateOf(reading.orderStatus ?? ""))) resting.remember(placedOrder);
    }
    const { again } = answer;
    const mayRepeat = attempt < plan.maxAttempts && again.kind === "allowed";
    const pauseMs = mayRepeat ? Math.min(again.afterMs, MAX_RETRY_PAUSE_MS) : 0;
    return { ...reading, retryInMs: mayRepeat ? Math.max(plan.retryPauseMs, pauseMs) : null };
  };

  return {
    prepare: async () => {
      if (!questions.has("quote")) return;
      await prices.first(venues, plan.quotesWithinMs);
      if (stream === null) prices.poll(venues);
    },
    next,
    send: ({ asks }, done) => api.ask(questionIn(asks), done),
    read,
    close: async () => {
      stream?.close();
      prices.close();
      await api.close();
    },
    unrecordedRequests: () => prices.requests,
    quoteStreamReport: () => stream?.report() ?? null,
  };
}

function questionIn(asks: PreparedOperation["asks"]): Question {
  if ("kind" in asks) return asks;
  throw new TypeError(`Expected a question, got ${asks.method} ${asks.path}.`);
}

type Mix = OrderFlowPlan["mix"];

interface FlowDraws {
  readonly kind: keyof Mix;
  readonly venue: keyof OrderFlowPlan["venues"];
  readonly target: number;
  readonly order: OrderDraws;
}

/** A mix without what the platform's API does not have. */
function possible(mix: Mix, questions: ReadonlySet<QuestionKind>): Mix {
  const kinds = Object.keys(mix) as (keyof Mix)[];
  const weights = kinds.map((kind) => [kind, questions.has(kind) ? mix[kind] : 0] as const);
  const isEmpty = weights.every(([, weight]) => weight === 0);
  return { ...(Object.fromEntries(weights) as Mix), ...(isEmpty ? { place: 1 } : {}) };
}

function draw(random: Random, mix: Mix, plan: OrderFlowPlan): FlowDraws {
  return {
    kind: weightedChoice(mix, random.next()),
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

function concerning(
  kind: "query" | "cancel",
  placed: PlacedOrder | undefined,
): PreparedOperation | undefined {
  if (placed === undefined) return undefined;
  return { kind, asks: { kind, placed }, order: null, idempotencyKey: null, orderId: placed.id };
}

function reading(asks: Extract<Question, { kind: "positions" | "quote" }>): PreparedOperation {
  return { kind: asks.kind, asks, order: null, idempotencyKey: null, orderId: null };
}

/** Opens the platform's quote stream, where it has one. */
function streamInto(
  prices: Prices,
  plan: OrderFlowPlan,
  venues: readonly string[],
  { baseUrl, allowedHosts, definition }: OrderFlowOptions,
): QuoteStream | null {
  const { quoteStream } = definition;
  if (quoteStream === null) return null;
  return openQuoteStream({
    url: webSocketUrl(baseUrl, quoteStream.path),
    allowedHosts,
    pingIntervalMs: plan.pingIntervalMs,
    messages: new QuoteMessages(quoteStream, definition),
    interest: { venues, symbol: plan.symbol },
    onQuote: ({ venue, symbol, bid, ask }) => prices.learn(venue, symbol, { bid, ask }),
  });
}

function webSocketUrl(baseUrl: string, path: string): string {
  const url = new URL(path, baseUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
