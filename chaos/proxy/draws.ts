import { type DecisionSubject, decide } from "./decision.ts";
import type { DecisionLog } from "./decision-log.ts";
import type { Toxic } from "./toxic.ts";

export interface DrawsOptions {
  readonly proxy: string;
  /** The number of the connection on its proxy, from 1. */
  readonly connection: number;
  readonly seed: number;
  readonly decisions: DecisionLog;
}

/** The random draws of toxics on one connection, each decision logged once. */
export class Draws {
  readonly #options: DrawsOptions;
  readonly #lastLogged = new WeakMap<Toxic, number>();
  readonly #ofConnection = new WeakMap<Toxic, number>();

  constructor(options: DrawsOptions) {
    this.#options = options;
  }

  /** Whether the toxic's toxicity includes this connection: drawn once, independent of other toxics. */
  takes(toxic: Toxic): boolean {
    if (toxic.toxicity >= 1 || toxic.toxicity <= 0) return toxic.toxicity >= 1;
    const drawn = this.#ofConnection.get(toxic) ?? this.roll(toxic, 0);
    this.#ofConnection.set(toxic, drawn);
    return drawn < toxic.toxicity;
  }

  /** The seeded decision, in [0, 1), for the chunk or message of that number. Numbers increase. */
  roll(toxic: Toxic, number: number): number {
    const subject = this.subject(toxic, number);
    const drawn = decide(this.#options.seed, subject);
    // A repeated call for the same chunk, such as after an early timer, gives the same decision.
    if (number > (this.#lastLogged.get(toxic) ?? -1)) {
      this.#lastLogged.set(toxic, number);
      this.#options.decisions.add(subject, `drew ${drawn.toFixed(6)}`);
    }
    return drawn;
  }

  /** The subject of a decision about that chunk or message. */
  subject(toxic: Toxic, chunk: number): DecisionSubject {
    const { proxy, connection } = this.#options;
    return { proxy, toxic: toxic.name, connection, stream: toxic.stream, chunk };
  }
}
