import type { z } from "zod";
import { type FaultAttribute, regularExpression } from "./fault-kind.ts";
import {
  describeMessageChoice,
  messageChoice,
  messageChoiceAttributes,
  messageChoiceOf,
} from "./message-choice.ts";

/** Which queries a fault takes: a block of its schema that faults of PostgreSQL have. */
export const pgQueryMatch = {
  /** Matched against the query's text, anywhere and without regard to case; empty: any query. */
  pattern: regularExpression.default(""),
  ...messageChoice,
};

type PgQueryMatch = z.infer<z.ZodObject<typeof pgQueryMatch>>;

/** The same as attributes for a person. */
export const pgQueryMatchAttributes: readonly (FaultAttribute & { readonly toxicName: string })[] = [
  {
    name: "pattern",
    toxicName: "pattern",
    takes: "text",
    summary:
      "regular expression that the text of the query matches, without regard to case; left out: any query",
  },
  ...messageChoiceAttributes,
];

/** The same as the toxic's attributes. */
export function pgQueryMatchOf(fault: PgQueryMatch) {
  return { pattern: fault.pattern, ...messageChoiceOf(fault) };
}

/** Which queries are taken, for a person: `each second query /^insert/`. */
export function describePgQueryMatch(fault: PgQueryMatch): string {
  return describeMessageChoice(fault, fault.pattern === "" ? "query" : `query /${fault.pattern}/`);
}
