import { z } from "zod";
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

/** What can be read of the answer to each kind of question. */
const ANSWER_FIELDS = {
  order: [
    ...["id", "clientOrderId", "status", "executedQuantity", "executedQuote", "symbol", "side"],
    ...["error", "outcome"],
  ],
  positions: ["positions", "error"],
  quote: ["bid", "ask", "error"],
  switch: ["error"],
} as const;

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

/** How a platform's API is spoken. What it does not have is left out, and what needs it does not apply. */
export const API_SCHEMA = z
  .strictObject({
    place: route("POST", ANSWER_FIELDS.order),
    query: route("GET", ANSWER_FIELDS.order),
    cancel: route("DELETE", ANSWER_FIELDS.order).nullable().default(null),
    positions: route("GET", ANSWER_FIELDS.positions).nullable().default(null),
    quote: route("GET", ANSWER_FIELDS.quote).nullable().default(null),
    /** Switches trading off and on again. */
    killSwitch: z
      .strictObject({
        stop: route("POST", ANSWER_FIELDS.switch),
        resume: route("POST", ANSWER_FIELDS.switch),
      })
      .nullable()
      .default(null),
    quoteStream: quoteStream.nullable().default(null),
    /** Whether an order can be placed for an account, which the mapping of `place` then uses. */
    accounts: z.boolean().default(false),
    /** Whether it has risk limits of its own, by which it blocks orders that no account could pay for. */
    riskLimits: z.boolean().default(true),
    /** HTTP statuses that refuse a request as the platform's contract says, whatever word comes with them. */
    refusals: z.array(z.int().min(400).max(499)).readonly().default([]),
    /** Whether decimals are JSON texts, or JSON numbers, which are then read by their exact digits. */
    amounts: z.enum(["text", "numbers"]).default("text"),
    statuses: wordsFor<OrderState>(ORDER_STATES).default({}),
    errors: wordsFor<ErrorWord>(ERROR_WORDS).default({}),
  })
  .readonly();

/** How a platform's API is spoken, as plain data: it can be handed to another thread. */
export type ApiDefinition = z.output<typeof API_SCHEMA>;
export type RouteDefinition = ApiDefinition["place"];
export type QuoteStreamDefinition = NonNullable<ApiDefinition["quoteStream"]>;
