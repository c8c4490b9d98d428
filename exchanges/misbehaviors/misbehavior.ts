import type { z } from "zod";
import type { VenueName } from "../../venues/index.ts";

/** A way in which a venue was seen to misbehave, switched on and off at run time. */
export interface Misbehavior<Options extends object = object> {
  /** Stable, kebab-case. */
  readonly name: string;
  /** What a client sees, for people. */
  readonly description: string;
  /** On what it is counted, for people: `every: 3` strikes every third of these. */
  readonly occasion: string;
  readonly venues: readonly VenueName[];
  /** Reads the options of its own, completed with defaults; each carries a description for the docs. */
  readonly options: z.ZodType<Options>;
}

/** How often a misbehavior strikes. */
export type Frequency =
  /** Every n-th occasion. */
  | { readonly every: number }
  /** The next `times` occasions, and then no more. */
  | { readonly times: number }
  /** That share of the occasions, drawn from the stub's seed. */
  | { readonly share: number };

/** What a venue's code asks at an occasion: the switchboard, as misbehaviors themselves see it. */
export interface Occasions {
  /** Counts an occasion. Returns the misbehavior's options when it strikes at it. */
  strikes<Options extends object>(misbehavior: Misbehavior<Options>): Options | undefined;
  /** The options of a misbehavior that is on. Counts nothing. */
  active<Options extends object>(misbehavior: Misbehavior<Options>): Options | undefined;
}
