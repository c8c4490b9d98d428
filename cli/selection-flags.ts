import { type Command, InvalidArgumentError } from "commander";
import type { Selection } from "../runs/index.ts";

/** The flags by which scenarios are selected, as commander parses them. */
export interface SelectionFlags {
  readonly tag: readonly string[];
}

/** What the arguments may be, for the help of a command. */
export const SELECTOR_HELP =
  "names, patterns of names ('binance-*'), files (.yml, .ts), folders, or one scenario of a file (suite.ts#name)";

/** Adds to a command the flags by which scenarios are selected. */
export function withSelectionFlags(command: Command): Command {
  return command.option(
    "--tag <tag>",
    "only scenarios with this tag, repeatable: any of them",
    collectTag,
    [],
  );
}

/** What is selected by the arguments and flags of a command. */
export function selectionOf(selectors: readonly string[], { tag }: SelectionFlags): Selection {
  return { selectors, tags: tag };
}

/** The words of a command line that select the same. */
export function selectionWords({ selectors, tags }: Selection): readonly string[] {
  return [...selectors, ...tags.flatMap((tag) => ["--tag", tag])];
}

function collectTag(text: string, previous: readonly string[]): readonly string[] {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)) return [...previous, text];
  throw new InvalidArgumentError("Expected words in lower case joined by -.");
}
