import type { OwnFault } from "../../chaos/index.ts";
import type { OwnInvariant } from "./own-invariant.ts";

/** What a user adds to kanit for a run. */
export interface Extensions {
  /** Faults that scenarios name: `{ kind: "own", name: … }`. */
  readonly faults: readonly OwnFault[];
  /** Invariants that are checked after every scenario. */
  readonly invariants: readonly OwnInvariant[];
}

export const NO_EXTENSIONS: Extensions = { faults: [], invariants: [] };
