import type { RollbackRequest, StepName } from "./rollback-entry.ts";
import type { RollbackStep } from "./rollback-step.ts";
import { runCommand } from "./run-command.ts";

/** A step that is a command of the release file. */
export interface CommandStep {
  readonly name: Exclude<StepName, "traffic">;
  readonly line: string;
  readonly directory: string;
  readonly release: string;
  readonly limitMs: number;
}

/**
 * A step that runs a command. It gets the release, the reason and the stage as `KANIT_RELEASE`, `KANIT_REASON` and
 * `KANIT_STAGE`. It must name what it wants, and not how to get there from where it is: after a kill it runs again, and
 * `rollout undo` twice is the bad version again.
 */
export function commandStep({ name, line, directory, release, limitMs }: CommandStep): RollbackStep {
  const variables = ({ reason, stage }: RollbackRequest) => ({
    KANIT_RELEASE: release,
    KANIT_REASON: reason,
    KANIT_STAGE: stage,
  });
  return {
    name,
    describe: () => line,
    limitMs,
    take: async (request, signal) => {
      const said = await runCommand({ line, directory, variables: variables(request), signal });
      return said === "" ? "done" : said;
    },
    isInEffect: null,
    rehearse: async (request, signal) => {
      // `-n` reads the line and runs nothing.
      const check = `/bin/sh -n -c "$KANIT_LINE"`;
      await runCommand({
        line: check,
        directory,
        variables: { ...variables(request), KANIT_LINE: line },
        signal,
      });
      return `${line} (not run)`;
    },
  };
}
