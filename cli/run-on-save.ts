import { UsageError, type Verdict } from "../core/index.ts";
import type { CommandContext } from "./context.ts";
import { FileChanges } from "./watch-files.ts";

/**
 * Runs once, and again after each change of the files, until the command is interrupted. A mistake in a scenario is
 * said, and awaits the next change. The command ends with the verdict of the last run.
 */
export async function runOnSave(
  paths: readonly string[],
  context: CommandContext,
  run: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const { output, signal } = context;
  using changes = new FileChanges(paths);
  let last: Verdict | null = null;
  const note = (verdict: Verdict) => {
    last = verdict;
  };
  do {
    try {
      await run({ ...context, noteVerdict: () => undefined, conclude: note });
    } catch (error) {
      if (signal.aborted || !(error instanceof UsageError)) throw error;
      last = "inconclusive";
      for (const line of [error.message, ...error.lines, error.nextStep]) output.line(line);
    }
    output.line("Waiting for a change. Ctrl-C ends it.");
  } while (await changes.next(signal));
  if (last !== null) context.conclude(last);
}
