import type { Check } from "./check.ts";

/** An ordered set of checks, all of which are required. */
export interface Gate {
  /** As on the command line: `preflight`. */
  readonly name: string;
  readonly title: string;
  /** What it decides, in a sentence. */
  readonly question: string;
  readonly checks: readonly Check[];
  /** The evidence file with a line for each check; `{release}` stands for the release. */
  readonly summaryFile: string;
  /** For all checks together, which run side by side. */
  readonly limitMs: number;
}
