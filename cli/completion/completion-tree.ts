import type { Command, Option } from "commander";

/** A word that a shell offers, with what it means. */
export interface CompletionWord {
  readonly word: string;
  readonly summary: string;
}

/** An option that a shell offers, with the values that may follow it. */
export interface CompletionOption extends CompletionWord {
  /** Empty: any value, or none. */
  readonly values: readonly string[];
  readonly takesValue: boolean;
}

/** What a shell offers after the words of one command. */
export interface CompletionCommand {
  /** Without the program's own name: `["load", "saturate"]`. */
  readonly path: readonly string[];
  readonly commands: readonly CompletionWord[];
  readonly options: readonly CompletionOption[];
  /** Values of its arguments, where they are known: the names of scenarios. */
  readonly values: readonly string[];
}

/**
 * What a shell needs to know of a program's commands: each of them, the program itself first.
 *
 * @param names What arguments of a command may be, by the command's words, beside their choices.
 */
export function completionTree(
  program: Command,
  names: Readonly<Record<string, readonly string[]>>,
): readonly CompletionCommand[] {
  return below(program, [], names);
}

function below(
  command: Command,
  path: readonly string[],
  names: Readonly<Record<string, readonly string[]>>,
): readonly CompletionCommand[] {
  const own: CompletionCommand = {
    path,
    commands: command.commands.map((each) => ({
      word: each.name(),
      summary: each.summary() || each.description(),
    })),
    options: [
      ...command.options.flatMap(optionOf),
      { word: "--help", summary: "what it takes", values: [], takesValue: false },
    ],
    values: [
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...(names[path.join(" ")] ?? []),
    ],
  };
  return [own, ...command.commands.flatMap((each) => below(each, [...path, each.name()], names))];
}

function optionOf({
  long,
  description,
  argChoices,
  required,
  optional,
}: Option): readonly CompletionOption[] {
  if (long === undefined || long === null) return [];
  return [{ word: long, summary: description, values: argChoices ?? [], takesValue: required || optional }];
}
