import { z } from "zod";
import { ANSWER_FIELDS } from "./answer-fields.ts";
import { DRIVER_SCHEMA, type DriverDefinition } from "./driver/driver-definition.ts";
import { compileExpression } from "./mapping/expression.ts";
import { compileShape } from "./mapping/shape.ts";
import { parseTemplate } from "./mapping/template.ts";
import { ERROR_WORDS, type ErrorWord } from "./words/error-word.ts";
import { ORDER_STATES, type OrderState } from "./words/order-state.ts";

/** A text that one of the mapping's languages must be able to read. */
function readBy(language: string, read: (text: string) => unknown) {
  return z.string().superRefine((text, context) => {
    try {
      read(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: "custom", message: `expected ${language}: ${why}`, input: text });
    }
  });
}

const expression = readBy("a JSONata expression", compileExpression);
const template = readBy("a text with JSONata in braces", parseTemplate);
const path = template.refine((text) => text.startsWith("/"), "expected a path that begins with a slash");

/** JSONata for a whole object, or an expression for each of its fields. */
function shape(fields: readonly string[]) {
  const map = z
    .strictObject(Object.fromEntries(fields.map((name) => [name, expression.optional()])))
    .transform((value) => value as Readonly<Record<string, string>>);
  return z.union([readBy("a JSONata expression", compileShape), map]);
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** How one thing is asked for, and how its answer is read. */
function route(method: (typeof METHODS)[number], fields: readonly string[]) {
  return z.strictObject({
    method: z.enum(METHODS).default(method),
    path,
    query: z.record(z.string(), template).default({}),
    headers: z
      .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "expected a header's name"), template)
      .default({}),
    /** Null: none. */
    body: z
      .union([readBy("a JSONata expression", compileShape), z.record(z.string(), expression)])
      .nullable()
      .default(null),
    answer: shape(fields).default({}),
  });
}

const quoteStream = z.strictObject({
  path,
  /** What is sent when the socket is open: a message, or a list of them. Null: nothing. */
  subscribe: expression.nullable().default(null),
  quote: shape(["venue", "symbol", "bid", "ask"]),
  /** What is sent to see whether the other side is there, for `id`. Null: nothing. */
  ping: expression.nullable().default(null),
  /** The `id` of the ping that a message answers, and no value for any other message. */
  pong: expression.nullable().default(null),
});

const words = z.array(z.string().min(1)).readonly();

function wordsFor<Name extends string>(names: readonly Name[]) {
  return z
    .strictObject(
      Object.fromEntries(names.map((name) => [name, words.optional()])) as Record<
        Name,
        z.ZodOptional<typeof words>
      >,
    )
    .transform((value) => value as Readonly<Partial<Record<Name, readonly string[]>>>);
}

const written = z.strictObject({
  /** A program of the user's that speaks the API in the place of the mapping. */
  driver: DRIVER_SCHEMA.nullable().default(null),
  place: route("POST", [...ANSWER_FIELDS.order, "outcome"]).optional(),
  query: route("GET", [...ANSWER_FIELDS.order, "outcome"]).optional(),
  cancel: route("DELETE", [...ANSWER_FIELDS.order, "outcome"])
    .nullable()
    .default(null),
  positions: route("GET", ANSWER_FIELDS.positions).nullable().default(null),
  quote: route("GET", ANSWER_FIELDS.quote).nullable().default(null),
  /** Switches trading off and on again. */
  killSwitch: z
    .strictObject({ stop: route("POST", ANSWER_FIELDS.switch), resume: route("POST", ANSWER_FIELDS.switch) })
    .nullable()
    .default(null),
  quoteStream: quoteStream.nullable().default(null),
  /** Whether an order can be placed for an account, which the mapping of `place` or the driver then uses. */
  accounts: z.boolean().default(false),
  /** Whether it has risk limits of its own, by which it blocks orders that no account could pay for. */
  riskLimits: z.boolean().default(true),
  /** HTTP statuses that refuse a request as the platform's contract says, whatever word comes with them. */
  refusals: z.array(z.int().min(400).max(499)).readonly().optional(),
  /** Whether decimals are JSON texts, or JSON numbers, which are then read by their exact digits. */
  amounts: z.enum(["text", "numbers"]).default("text"),
  statuses: wordsFor<OrderState>(ORDER_STATES).default({}),
  errors: wordsFor<ErrorWord>(ERROR_WORDS).default({}),
});

type Written = z.output<typeof written>;

/** What only a mapping has: a driver does all of it. */
const OF_MAPPING = ["place", "query", "cancel", "positions", "quote", "killSwitch", "refusals"] as const;

/** How a platform's API is spoken. What it does not have is left out, and what needs it does not apply. */
export const API_SCHEMA = written
  .superRefine((api, context) => {
    const wrong = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message, input: api });
    if (api.driver === null) {
      if (api.place === undefined) wrong("place", "Expected how an order is placed, or a driver");
      if (api.query === undefined) wrong("query", "Expected how an order is looked up, or a driver");
      return;
    }
    for (const key of OF_MAPPING) {
      if (api[key] != null) wrong(key, "Expected nothing here, since the driver does it");
    }
  })
  .transform((api): ApiDefinition => {
    const { driver, place, query, cancel, positions, quote, killSwitch, refusals, ...common } = api;
    if (driver !== null) return { ...common, driver };
    if (place === undefined || query === undefined) throw new TypeError("Expected place and query.");
    return {
      ...{ ...common, driver, place, query, cancel, positions, quote, killSwitch },
      refusals: refusals ?? [],
    };
  });

type ForBoth = Readonly<
  Pick<Written, "quoteStream" | "accounts" | "riskLimits" | "amounts" | "statuses" | "errors">
>;
export type RouteDefinition = NonNullable<Written["place"]>;
export type QuoteStreamDefinition = NonNullable<Written["quoteStream"]>;

/** An API that is spoken by HTTP as its definition maps it. */
export interface MappedApiDefinition extends ForBoth {
  readonly driver: null;
  readonly place: RouteDefinition;
  readonly query: RouteDefinition;
  readonly cancel: RouteDefinition | null;
  readonly positions: RouteDefinition | null;
  readonly quote: RouteDefinition | null;
  readonly killSwitch: { readonly stop: RouteDefinition; readonly resume: RouteDefinition } | null;
  readonly refusals: readonly number[];
}

/** An API that a program of the user's speaks. */
export interface DrivenApiDefinition extends ForBoth {
  readonly driver: DriverDefinition;
}

/** How a platform's API is spoken, as plain data: it can be handed to another thread. */
export type ApiDefinition = MappedApiDefinition | DrivenApiDefinition;
