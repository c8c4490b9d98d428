import { z } from "zod";
import type { ApiDefinition, DriverProgram } from "../api/index.ts";
import { UsageError } from "../core/index.ts";
import { TRADING_VENUE_NAMES, type TradingVenueName, USUAL_ORDER_WEIGHTS } from "../venues/index.ts";
import { DEFAULT_MIX, DEFAULT_STYLES } from "./workloads/order-flow-defaults.ts";

const rateRps = z.number().min(0).max(100_000);
const durationMs = z
  .number()
  .positive()
  .max(24 * 3_600_000);
/**
 * A recording is part of its plan and held in memory: a million starts are 1,000 per second for 16 minutes.
 */
const MAX_RECORDED = 1_000_000;
const NOT_ASCENDING = { error: "Expected times that ascend." };
const offsetMs = z
  .number()
  .min(0)
  .max(24 * 3_600_000);
const spacing = z.enum(["even", "poisson"]).default("even");
const weight = z.number().min(0).default(0);

const arrivalsSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), rateRps, durationMs, spacing }),
  z.strictObject({ kind: z.literal("ramp"), fromRps: rateRps, toRps: rateRps, durationMs, spacing }),
  z.strictObject({
    kind: z.literal("spike"),
    baseRps: rateRps,
    peakRps: rateRps,
    beforeMs: durationMs,
    peakMs: durationMs,
    afterMs: durationMs,
    spacing,
  }),
  z.strictObject({
    kind: z.literal("rates"),
    points: z
      .array(z.strictObject({ atMs: offsetMs, rateRps }))
      .min(2)
      .max(MAX_RECORDED)
      .refine((points) => ascending(points, ({ atMs }) => atMs), NOT_ASCENDING)
      .refine(
        (points) => points[0]?.atMs === 0 && (points.at(-1)?.atMs ?? 0) > 0,
        "Expected rates from 0 ms to a later time.",
      )
      .readonly(),
    spacing,
  }),
  z
    .strictObject({
      kind: z.literal("starts"),
      startsMs: z
        .array(offsetMs)
        .max(MAX_RECORDED)
        .refine((startsMs) => ascending(startsMs, Number), NOT_ASCENDING)
        .readonly(),
      durationMs,
    })
    .refine(({ startsMs, durationMs }) => (startsMs.at(-1) ?? 0) < durationMs, {
      error: "Expected every start to lie before the end of durationMs.",
    }),
]);

function ascending<T>(items: readonly T[], timeMs: (item: T) => number): boolean {
  return items.every((item, index) => index === 0 || timeMs(item) >= timeMs(items[index - 1] ?? item));
}

/** Weights, at least one of which is above zero, since otherwise there is nothing to choose. */
function someWeight(weights: Readonly<Record<string, number>>): boolean {
  return Object.values(weights).some((share) => share > 0);
}
const NO_WEIGHT = { error: "Expected a weight above 0 for at least one choice." };

/** Relative weights of the venues for orders; a venue that is left out gets none. */
export const VENUE_WEIGHTS_SCHEMA = z
  .strictObject(
    Object.fromEntries(TRADING_VENUE_NAMES.map((name) => [name, weight])) as Record<
      TradingVenueName,
      typeof weight
    >,
  )
  .refine(someWeight, NO_WEIGHT);

/** How long a client waits for an answer before it gives up, unless its load says otherwise. */
export const CLIENT_TIMEOUT_MS = 5_000;

const orderFlowSchema = z.strictObject({
  kind: z.literal("order-flow"),
  /** Relative weights of the operations. */
  mix: z
    .strictObject({ place: weight, query: weight, positions: weight, cancel: weight, quote: weight })
    .refine(someWeight, NO_WEIGHT)
    .default(DEFAULT_MIX),
  /** Relative weights of the order styles. */
  styles: z
    .strictObject({ nearTouch: weight, marketable: weight, market: weight })
    .refine(someWeight, NO_WEIGHT)
    .default(DEFAULT_STYLES),
  /** Relative weights of the venues. */
  venues: VENUE_WEIGHTS_SCHEMA.default(USUAL_ORDER_WEIGHTS),
  symbol: z
    .string()
    .regex(/^[A-Z0-9]+$/)
    .default("BTCUSDT"),
  /**
   * The share of orders that are sent twice at once with the same key, as by a double click or a gateway that
   * retries: the platform must place only one.
   */
  doubleSubmitShare: z.number().min(0).max(1).default(0),
  /**
   * The maximum number of attempts to place an order, with the same key, when the answer is missing or 5xx.
   */
  maxAttempts: z.int().min(1).max(10).default(3),
  retryPauseMs: z.number().positive().default(200),
  /** How long the load waits for the first quotes before it starts without them. */
  quotesWithinMs: z.number().min(0).default(2_000),
  pingIntervalMs: z.number().positive().default(1_000),
});

/** The client itself sets the headers for framing and connections. */
const CLIENT_HEADERS = ["host", "content-length", "transfer-encoding", "connection"];
const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, "Expected a header name.")
  .refine(
    (name) => !CLIENT_HEADERS.includes(name.toLowerCase()),
    "Expected no header that the client itself sets.",
  );
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, "Expected a header value of printable ASCII.");

const requestSchema = z.strictObject({
  kind: z.literal("request"),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, "Expected a path of printable ASCII that begins with a slash.")
    .default("/"),
  headers: z.record(headerName, headerValue).default({}),
  body: z.string().default(""),
  /** Adds `?n=` with the number of the operation, from 0, so that the server can tell the requests apart. */
  numbered: z.boolean().default(false),
});

const loadPlanSchema = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** Hosts besides this machine that load may be sent to. */
  allowedHosts: z.array(z.string()).default([]),
  /** How the platform's API is spoken, complete as a definition has it. Null: plain requests need none. */
  api: z.custom<ApiDefinition>().nullable().default(null),
  /** The program that speaks the API, where its definition names a driver. */
  driver: z.custom<DriverProgram>().nullable().default(null),
  seed: z.int(),
  arrivals: arrivalsSchema,
  workload: z.discriminatedUnion("kind", [orderFlowSchema, requestSchema]).prefault({ kind: "order-flow" }),
  /** How long a client waits for an answer, from the actual start. */
  timeoutMs: z.number().positive().default(CLIENT_TIMEOUT_MS),
  /**
   * The limit of operations in flight, each on its own connection; an operation beyond it is `dropped`, not
   * delayed.
   */
  maxInFlight: z.int().min(1).max(20_000).default(4_096),
  /** A tenth of the 200 ms objective: a generator with a larger lag would distort the measurement. */
  maxLagMsP99: z.number().positive().default(20),
  /**
   * The prefix of every idempotency key. Null: made from the seed and the time, so that no two runs share
   * keys.
   */
  keyPrefix: z
    .string()
    .regex(/^[\w.:-]{1,64}$/)
    .nullable()
    .default(null),
});

/** A load as a caller writes it; everything with a default may be left out. */
export type LoadPlanInput = z.input<typeof loadPlanSchema>;
/** A load with all defaults added. */
export type LoadPlan = z.output<typeof loadPlanSchema>;
/** The order-flow part of a plan. */
export type OrderFlowPlan = z.output<typeof orderFlowSchema>;
/** The plain-request part of a plan. */
export type RequestPlan = z.output<typeof requestSchema>;

/**
 * Adds defaults to a plan.
 *
 * @throws UsageError `bad-load-plan` naming the invalid fields.
 */
export function completeLoadPlan(input: LoadPlanInput): LoadPlan {
  const parsed = loadPlanSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new UsageError({
    code: "bad-load-plan",
    message: `Expected a complete load plan, got: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ")}.`,
    nextStep: "Correct the named fields; load/load-plan.ts lists them with their defaults.",
    cause: parsed.error,
  });
}
