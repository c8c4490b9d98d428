import type { ToxicHost } from "../stage.ts";
import { choice, shareNumber, type ValuesOf, wholeNumber } from "./attribute-spec.ts";

/**
 * Chooses which of the matching messages a toxic acts on; every message-aware toxic has these attributes. The
 * first of `nth`, `every` and `first` that is not 0 decides; without them the seeded `share` does.
 */
export const MESSAGE_CHOICE = {
  nth: wholeNumber("messages", "only the match of this number, from 1; 0: unused"),
  every: wholeNumber("messages", "each match whose number is a multiple of this; 0: unused"),
  first: wholeNumber("messages", "this many matches, then none; 0: unused"),
  share: shareNumber("seeded share of the matches, 0 to 1", 1),
  per: choice("proxy: matches are counted over all connections; connection: in each of them", [
    "proxy",
    "connection",
  ]),
};

/** Its values. */
export type ChoiceAttributes = ValuesOf<typeof MESSAGE_CHOICE>;

/** Chooses among the messages of one connection. There is one for each stage or pair of stages. */
export class MessageChooser {
  readonly #host: Pick<ToxicHost, "nextMatch" | "roll">;
  #matches = 0;

  constructor(host: Pick<ToxicHost, "nextMatch" | "roll">) {
    this.#host = host;
  }

  /** Whether the toxic affects this message, which matches: call it once for each. */
  takesNext({ nth, every, first, share, per }: ChoiceAttributes): boolean {
    this.#matches += 1;
    // Counted even when the other count decides, so that a change of attributes continues from the right
    // number.
    const ofProxy = this.#host.nextMatch();
    const number = per === "connection" ? this.#matches : ofProxy;
    if (nth > 0) return number === nth;
    if (every > 0) return number % every === 0;
    if (first > 0) return number <= first;
    if (share >= 1) return true;
    // By the number within the connection, since the order among connections is not deterministic.
    return this.#host.roll(this.#matches) < share;
  }
}
