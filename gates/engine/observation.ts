/** Something that a check did to find something out, and how often that happened. */
interface Act {
  /** `requests sent`. */
  readonly what: string;
  readonly asked: number;
  readonly happened: number;
}

/**
 * What a check found out. It states what it looked at, so that the engine, and not each check, decides whether that is
 * enough for a verdict.
 */
export interface Observation {
  /** What had to be examined: paths, tables, targets. */
  readonly expected: readonly string[];
  /** What was examined. */
  readonly examined: readonly string[];
  readonly acts: readonly Act[];
  /** The time of the oldest of the data. */
  readonly asOfMs: number;
  /** How the target breaks the criterion, one line each. */
  readonly violations: readonly string[];
  /** What could not be found out, one line each. */
  readonly unclear: readonly string[];
  /** The finding in a few words, for the line of the check. */
  readonly summary: string;
  /** The text of each of the check's evidence files, in their order. */
  readonly texts: readonly string[];
}
