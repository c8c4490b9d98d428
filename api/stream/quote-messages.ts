import { z } from "zod";
import type { ApiDefinition, QuoteStreamDefinition } from "../api-definition.ts";
import { compileExpression, type Expression } from "../mapping/expression.ts";
import { parseAnswer } from "../mapping/parse-answer.ts";
import { compileShape } from "../mapping/shape.ts";

const decimalText = z.string().regex(/^\d+(\.\d+)?$/);

/** A pair of prices as exact decimal text; a side without orders has none, and then there is no quote. */
export const QUOTE_SCHEMA = z.object({ bid: decimalText, ask: decimalText });
const streamQuote = QUOTE_SCHEMA.extend({ venue: z.string(), symbol: z.string() });

/** The best prices of a symbol at a venue. */
export type StreamQuote = z.infer<typeof streamQuote>;

/** What a message of a quote stream says. */
export type StreamMessage =
  | { readonly kind: "quotes"; readonly quotes: readonly StreamQuote[] }
  /** The answer to the ping with this id. */
  | { readonly kind: "pong"; readonly id: number }
  | { readonly kind: "other" };

/** What subscribers are interested in. */
export interface Interest {
  readonly venues: readonly string[];
  readonly symbol: string;
}

/** The messages of a platform's quote stream, by its definition's mapping. */
export class QuoteMessages {
  readonly #subscribe: Expression | null;
  readonly #ping: Expression | null;
  readonly #pong: Expression | null;
  readonly #quote: Expression;
  readonly #exactNumbers: boolean;

  constructor(stream: QuoteStreamDefinition, { amounts }: Pick<ApiDefinition, "amounts">) {
    const compiled = (source: string | null) => (source === null ? null : compileExpression(source));
    this.#subscribe = compiled(stream.subscribe);
    this.#ping = compiled(stream.ping);
    this.#pong = compiled(stream.pong);
    this.#quote = compileShape(stream.quote);
    this.#exactNumbers = amounts === "numbers";
  }

  /** What is sent when the socket is open, in this order. */
  async subscription(interest: Interest): Promise<readonly string[]> {
    if (this.#subscribe === null) return [];
    const wanted = await this.#subscribe.evaluate(interest);
    return (Array.isArray(wanted) ? wanted : [wanted]).flatMap((message) => textOf(message) ?? []);
  }

  /** What is sent as the ping with this id; null where the platform has none. */
  async ping(id: number): Promise<string | null> {
    return this.#ping === null ? null : textOf(await this.#ping.evaluate({ id }));
  }

  /** Reads a message; one that its mapping cannot read says nothing. */
  async read(text: string): Promise<StreamMessage> {
    const message = parseAnswer(text, this.#exactNumbers);
    const pong = await valueIn(this.#pong, message);
    if (typeof pong === "number") return { kind: "pong", id: pong };
    const quoted = await valueIn(this.#quote, message);
    const quotes = (Array.isArray(quoted) ? quoted : [quoted]).flatMap(
      (quote) => streamQuote.safeParse(quote).data ?? [],
    );
    return quotes.length === 0 ? { kind: "other" } : { kind: "quotes", quotes };
  }
}

async function valueIn(expression: Expression | null, message: unknown): Promise<unknown> {
  if (expression === null) return undefined;
  try {
    return await expression.evaluate(message);
  } catch {
    // A message of another form than those that are mapped.
    return undefined;
  }
}

function textOf(message: unknown): string | null {
  if (message === undefined || message === null) return null;
  return typeof message === "string" ? message : JSON.stringify(message);
}
