/** An order as a client asks for it; decimals are exact strings. `price` is null for a market order. */
export interface OrderRequest {
  readonly venue: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: "limit" | "market";
  readonly quantity: string;
  readonly price: string | null;
}

/** An order that a client placed and got an id for. */
export interface PlacedOrder {
  readonly id: string;
  /** The idempotency key that it was placed with. */
  readonly key: string;
  readonly order: OrderRequest;
}

/** What is asked of a platform's API, whatever the API looks like. */
export type Question =
  | {
      readonly kind: "place";
      readonly order: OrderRequest;
      readonly key: string;
      /** Null: the platform's usual account. */
      readonly account: string | null;
    }
  | { readonly kind: "query"; readonly placed: PlacedOrder }
  | { readonly kind: "cancel"; readonly placed: PlacedOrder }
  | { readonly kind: "positions"; readonly account: string | null }
  | { readonly kind: "quote"; readonly venue: string; readonly symbol: string }
  /** Has the platform execute no order any more, and then again. */
  | { readonly kind: "stop-trading" }
  | { readonly kind: "resume-trading" };

export type QuestionKind = Question["kind"];

/** Every kind of question. */
export const QUESTION_KINDS = [
  "place",
  "query",
  "cancel",
  "positions",
  "quote",
  "stop-trading",
  "resume-trading",
] as const satisfies readonly QuestionKind[];

/**
 * What a question says, under the names that mappings and drivers know. A value that there is not is left out: the
 * price of a market order, the usual account.
 */
export function inputOf(question: Question): Readonly<Record<string, string>> {
  switch (question.kind) {
    case "place":
      return withoutNulls({ ...question.order, key: question.key, account: question.account });
    case "query":
    case "cancel": {
      const { id, key, order } = question.placed;
      return withoutNulls({ ...order, id, key });
    }
    case "positions":
      return withoutNulls({ account: question.account });
    case "quote":
      return { venue: question.venue, symbol: question.symbol };
    case "stop-trading":
    case "resume-trading":
      return {};
  }
}

function withoutNulls(values: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(present);
}
