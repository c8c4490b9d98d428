/** The data of an entry, as filed: its shape is checked when it is part of a record. */
export type Data = Readonly<Partial<Record<string, unknown>>>;

/** The entries of one journal. */
export interface JournaledEvents {
  /** The data of all entries of a kind, in order. */
  of(kind: string): readonly Data[];
  /** When the last entry was filed. */
  readonly lastAt: string;
}

/** A record as a journal has it, before its shape is checked. */
export interface Draft {
  readonly record: Data;
  /** Whether the run said how it ended: nothing is missing. */
  readonly isWhole: boolean;
}

/** Why something is inconclusive that a run did not get to. */
export const NOT_JUDGED = "the run ended before it was judged";
