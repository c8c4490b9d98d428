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
export function errorWord({ errors }: Vocabulary, word: string): string {
  return ERROR_WORDS.find((known) => errors[known]?.includes(word)) ?? word;
}
