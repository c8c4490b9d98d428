import type { Clock } from "../../core/index.ts";
import type { Lab } from "../../lab/index.ts";
import type { Target, TargetParts } from "./target.ts";

/** A lab that may be harmed, and the target that it is. */
export interface DrillGround {
  readonly lab: Lab;
  readonly target: Target;
  /** A folder for files, removed with the drill. */
  readonly directory: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The lab, harmed; disposal heals it. */
interface Mutation extends AsyncDisposable {
  /** What shows that it happened: `_prisma_migrations: 1 row changed`. */
  readonly effect: string;
  /** The parts of the target that are other ones now: a copy of a folder, an address. */
  readonly parts: Partial<TargetParts>;
}

/** Something done to a real lab, under which a check must fail. */
export interface Mutant {
  /** What is done, as a sentence: `The checksum of an applied migration is changed, as by an edit of its file.` */
  readonly what: string;
  /** @throws when it did not happen. */
  readonly apply: (ground: DrillGround) => Promise<Mutation>;
}
