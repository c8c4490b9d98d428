import { appendFile } from "node:fs/promises";
import { relative } from "node:path";
import { exitCodeOf } from "../core/index.ts";
import type { FiledRecord } from "../evidence/index.ts";
import type { FiledRun } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";

/** How a record of one kind is displayed. */
export interface Renderings<Filed extends FiledRecord> {
  readonly columns: number;
  readonly terminal: (
    record: Filed,
    options: { readonly color: boolean; readonly columns: number; readonly reportPath: string },
  ) => string;
  readonly markdown: (record: Filed) => string;
}

/**
 * Ends a command with a result: prints it to the terminal and the CI's summary, and sets the exit code. Each
 * failure to file it is a warning, and loses no verdict.
 */
export async function showEnd<Filed extends FiledRecord>(
  { record, verdict, paths, problems }: FiledRun<Filed>,
  { columns, terminal, markdown }: Renderings<Filed>,
  { environment, output, exitWith, noteVerdict }: CommandContext,
): Promise<void> {
  noteVerdict(verdict);
  const { color } = environment.terminal;
  const reportPath = paths === null ? "not written" : relative(process.cwd(), paths.html);
  output.line(`\n${terminal(record, { color, columns, reportPath }).trimEnd()}`);
  for (const problem of problems) output.line(`warning: ${problem}`);
  const { stepSummaryPath } = environment;
  if (stepSummaryPath !== null) {
    try {
      await appendFile(stepSummaryPath, environment.secrets.filter(markdown(record)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      output.line(`warning: the summary was not written to GITHUB_STEP_SUMMARY: ${why}`);
    }
  }
  exitWith(exitCodeOf(verdict));
}
