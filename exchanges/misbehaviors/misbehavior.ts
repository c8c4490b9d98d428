import type { z } from "zod";
import type { MisbehaviorName } from "../../venues/index.ts";

/** An observed way in which a venue misbehaves, enabled and disabled at run time. */
export interface Misbehavior<Options extends object = object> {
  /** Stable, kebab-case. */
  readonly name: MisbehaviorName;
  /** What a client sees, for readers. */
  readonly description: string;
  /** The events that it counts, for readers: `every: 3` takes effect on every third of them. */
  readonly occasion: string;
  /** Reads its own options and adds defaults; each has a description for the docs. */
  readonly options: z.ZodType<Options>;
}

/** How often a misbehavior takes effect. */
export type Frequency =
  /** Every n-th occasion. */
  | { readonly every: number }
  /** The next `times` occasions, then no more. */
  | { readonly times: number }
  /** A share of the occasions, drawn from the stub's seed. */
  | { readonly share: number };

/** What a venue's code calls at an occasion: the switchboard, as misbehaviors themselves see it. */
export interface Occasions {
  /** Counts an occasion. Returns the misbehavior's options when it takes effect. */
  strikes<Options extends object>(misbehavior: Misbehavior<Options>): Options | undefined;
  /** The options of an active misbehavior. Counts nothing. */
  active<Options extends object>(misbehavior: Misbehavior<Options>): Options | undefined;
}
