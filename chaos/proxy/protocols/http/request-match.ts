import { type LinearPattern, linearPattern } from "../../../../core/index.ts";
import type { ToxicHost } from "../../stage.ts";
import { pattern, text, type ValuesOf } from "../../toxics/attribute-spec.ts";
import { MESSAGE_CHOICE, MessageChooser } from "../../toxics/message-choice.ts";
import type { RequestHead } from "./head.ts";
import type { RequestChoice } from "./tactic.ts";

/** Which exchanges an http toxic affects: the attributes that each http toxic has. */
export const REQUEST_MATCH = {
  method: text("only requests of this method; empty: any"),
  path: pattern("only requests whose path, without its query, matches this regular expression; empty: any"),
  ...MESSAGE_CHOICE,
};

/** Its values. */
export type MatchAttributes = ValuesOf<typeof REQUEST_MATCH>;

/** Chooses among the requests of one connection. */
export class RequestMatch implements RequestChoice {
  readonly #chooser: MessageChooser;
  #attributes: MatchAttributes;
  #path: LinearPattern;

  constructor(host: Pick<ToxicHost, "nextMatch" | "roll">, attributes: MatchAttributes) {
    this.#chooser = new MessageChooser(host);
    this.#attributes = attributes;
    this.#path = linearPattern(attributes.path);
  }

  update(attributes: MatchAttributes): void {
    this.#attributes = attributes;
    this.#path = linearPattern(attributes.path);
  }

  takes({ method, path }: RequestHead): boolean {
    const { method: wanted } = this.#attributes;
    if (wanted !== "" && wanted.toUpperCase() !== method.toUpperCase()) return false;
    return this.#path.test(path) && this.#chooser.takesNext(this.#attributes);
  }
}
