import { type LinearPattern, linearPattern } from "../../../../core/index.ts";
import type { ToxicHost } from "../../stage.ts";
import { pattern, type ValuesOf } from "../../toxics/attribute-spec.ts";
import { MESSAGE_CHOICE } from "../../toxics/message-choice.ts";
import { LOOKED_AT_TEXT_BYTES } from "./framing.ts";
import type { PgRequest } from "./request-queue.ts";

/** Which queries a toxic affects: the attributes of the toxics on PostgreSQL's queries. */
export const QUERY_CHOICE = {
  pattern: pattern(
    "regular expression that the text of the query matches, without regard to case; empty: any query",
  ),
  ...MESSAGE_CHOICE,
};

/** Its values. */
export type QueryChoice = ValuesOf<typeof QUERY_CHOICE>;

/** A longer text may be only partly inspected. */
const SURELY_WHOLE_BYTES = LOOKED_AT_TEXT_BYTES - 1;

/** Finds the requests of one connection whose query a pattern matches, and reports which it could not judge. */
export class QueryMatch {
  readonly #host: Pick<ToxicHost, "giveUp">;
  readonly #said = new Set<string>();
  #pattern: LinearPattern;

  /**
   * The pattern of an attribute: matched anywhere, without regard to case; an empty one matches any query.
   */
  constructor(host: Pick<ToxicHost, "giveUp">, pattern: string) {
    this.#host = host;
    this.#pattern = linearPattern(pattern);
  }

  setPattern(pattern: string): void {
    this.#pattern = linearPattern(pattern);
  }

  /** In the simple or the extended protocol; for a FETCH, the cursor's query counts too. */
  matches({ kind, text, result }: PgRequest): boolean {
    if (kind !== "query" && kind !== "execute") return false;
    // "Any query" matches an unknown one too.
    if (this.#pattern.source === "") return true;
    if (text !== undefined && this.#pattern.test(text)) return true;
    if (result?.text !== undefined && this.#pattern.test(result.text)) return true;
    if (text === undefined || (result !== undefined && result.text === undefined)) {
      this.#sayOnce("the text of a prepared statement or cursor is not known: no pattern matches it");
      return false;
    }
    if (Buffer.byteLength(text) >= SURELY_WHOLE_BYTES) {
      this.#sayOnce(
        `only the first ${LOOKED_AT_TEXT_BYTES} bytes of a longer query are compared with the pattern`,
      );
    }
    return false;
  }

  #sayOnce(why: string): void {
    if (!this.#said.has(why)) this.#host.giveUp(why);
    this.#said.add(why);
  }
}
