import { type LinearPattern, linearPattern } from "../../../../core/index.ts";
import { pattern, type ValuesOf } from "../../toxics/attribute-spec.ts";
import { MESSAGE_CHOICE } from "../../toxics/message-choice.ts";
import type { PgRequest } from "./request-queue.ts";

/** Which queries a toxic takes: an attribute block of the toxics on PostgreSQL's queries. */
export const QUERY_CHOICE = {
  pattern: pattern(
    "regular expression that the text of the query matches, without regard to case; left out: any query",
  ),
  ...MESSAGE_CHOICE,
};

/** Its values. */
export type QueryChoice = ValuesOf<typeof QUERY_CHOICE>;

/** Whether a request asks for a query that the pattern matches, in the simple protocol or the extended one. */
export function matchesQuery({ kind, text }: PgRequest, pattern: LinearPattern): boolean {
  if (kind !== "query" && kind !== "execute") return false;
  // A statement prepared before the toxic came is not known by its text; "any query" is meant for it too.
  return pattern.source === "" || (text !== undefined && pattern.test(text));
}

/** The pattern of an attribute: anywhere, without regard to case; an empty one matches any query. */
export function queryPattern(source: string): LinearPattern {
  return linearPattern(source);
}
