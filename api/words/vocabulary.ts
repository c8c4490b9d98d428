import { ERROR_WORDS, type ErrorWord } from "./error-word.ts";
import { ORDER_STATES, type OrderState } from "./order-state.ts";

/** A platform's own words, by the field's words for the same. */
export interface Vocabulary {
  readonly statuses: Readonly<Partial<Record<OrderState, readonly string[]>>>;
  readonly errors: Readonly<Partial<Record<ErrorWord, readonly string[]>>>;
}

/** The field's word for a platform's status of an order; one that is not mapped stays as it is. */
export function statusWord({ statuses }: Vocabulary, word: string): string {
  return ORDER_STATES.find((state) => statuses[state]?.includes(word)) ?? word;
}

/** The field's word for a platform's error; one that is not mapped stays as it is. */
function errorWord({ errors }: Vocabulary, word: string): string {
  return ERROR_WORDS.find((known) => errors[known]?.includes(word)) ?? word;
}

/** What an answer says, with its status and error in the field's words. */
export function inOwnWords(value: unknown, vocabulary: Vocabulary): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const said: Record<string, unknown> = { ...value };
  if (typeof said.status === "string") said.status = statusWord(vocabulary, said.status);
  if (typeof said.error === "string") said.error = errorWord(vocabulary, said.error);
  return said;
}
