import { type Check, type CheckDescription, defineCheck, type ProbeContext } from "./check.ts";
import type { Mutant } from "./mutant.ts";
import { queryRows, type TextRow, toTsv } from "./sql.ts";

/** A check that reads the database by one query and judges each of its rows. */
export interface SqlCheckInput extends Omit<CheckDescription, "deadlineMs" | "maxAgeMs" | "command"> {
  readonly mutant: Mutant;
  /** Returns a row for each thing that is examined, whether it is in order or not. */
  readonly query: string;
  /** The name of what a row is about. */
  readonly nameOf: (row: TextRow) => string;
  /** Returns what is wrong with it, one line each. */
  readonly problemsOf: (row: TextRow) => readonly string[];
  /** Returns why nothing is known of it, such as a login that is not shown it. */
  readonly doubtsOf: (row: TextRow) => readonly string[];
  /** The finding in a few words. */
  readonly summaryOf: (rows: readonly TextRow[]) => string;
}

/** For a catalog that every login is shown. */
export const NO_DOUBTS = (): readonly string[] => [];

const DEADLINE_MS = 15_000;
const MAX_AGE_MS = 60_000;

/** Makes the check. The query is also the command that a person would paste. */
export function defineSqlCheck(input: SqlCheckInput): Check {
  const { query, nameOf, problemsOf, doubtsOf, summaryOf, ...description } = input;
  const pasted = query.replaceAll(/\s+/g, " ").trim();
  return defineCheck({
    ...description,
    command: `psql "$DATABASE_URL" -c ${JSON.stringify(pasted)}`,
    deadlineMs: DEADLINE_MS,
    maxAgeMs: MAX_AGE_MS,
    needs: ["database"],
    observe: async ({ database }, { clock, signal }: ProbeContext) => {
      const asOfMs = clock.nowMs();
      const [rows = []] = await queryRows(database, [query], signal);
      const names = rows.map(nameOf);
      return {
        expected: names,
        examined: names,
        acts: [],
        asOfMs,
        violations: rows.flatMap(problemsOf),
        unclear: rows.flatMap(doubtsOf),
        summary: summaryOf(rows),
        texts: [toTsv(rows)],
      };
    },
  });
}
