/** What can be asked whether a misbehaviour strikes: an accepted order, a depth frame, a client's socket. */
type Occasion = "accepted-order" | "depth-frame" | "market-socket";

/** A way in which a venue was seen to misbehave, switched on and off at run time. */
export interface Misbehaviour {
  /** Stable, kebab-case. */
  readonly name: string;
  /** What a client sees, for people. */
  readonly description: string;
  /** On what it is counted: `every: 3` strikes every third of these. */
  readonly occasion: Occasion;
}

/** How often a misbehaviour strikes: every n-th occasion, or the next `times` occasions and then no more. */
export type Frequency = { readonly every: number } | { readonly times: number };
