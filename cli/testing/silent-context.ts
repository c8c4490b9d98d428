import { runSecrets } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { readEnvironment } from "../environment.ts";
import type { Output } from "../output.ts";

/** An output that nobody reads. */
export const SILENT_OUTPUT: Output = {
  line: () => undefined,
  status: () => undefined,
  view: () => undefined,
  result: () => undefined,
  answerNow: () => undefined,
};

/** The context of a command whose output and ending nobody looks at. */
export function silentContext(): CommandContext {
  return {
    environment: readEnvironment(runSecrets()),
    output: SILENT_OUTPUT,
    signal: new AbortController().signal,
    onCommand: () => undefined,
    noteVerdict: () => undefined,
    conclude: () => undefined,
    exitWith: () => undefined,
  };
}
