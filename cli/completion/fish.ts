import type { CompletionCommand, CompletionOption, CompletionWord } from "./completion-tree.ts";

/** A script for fish, with what each word means. */
export function fishCompletion(tree: readonly CompletionCommand[]): string {
  const lines = tree.flatMap((command) => {
    const where = conditionOf(command);
    return [
      ...command.commands.map((word) => `complete -c kanit ${where} -f ${argument(word)}`),
      ...(command.values.length === 0
        ? []
        : [`complete -c kanit ${where} -f -a ${quoted(command.values.join(" "))}`]),
      ...command.options.map((option) => `complete -c kanit ${where} ${flag(option)}`),
    ];
  });
  return `# Completion of kanit for fish, made by \`kanit completion fish\`.
${lines.join("\n")}
`;
}

function conditionOf({ path, commands }: CompletionCommand): string {
  if (path.length === 0) return "-n __fish_use_subcommand";
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = commands.map(({ word }) => word).join(" ");
  const none = below === "" ? [] : [`not __fish_seen_subcommand_from ${below}`];
  return `-n ${quoted([...seen, ...none].join("; and "))}`;
}

function argument({ word, summary }: CompletionWord): string {
  return `-a ${quoted(word)} -d ${quoted(summary)}`;
}

function flag({ word, summary, values, takesValue }: CompletionOption): string {
  const value = values.length === 0 ? (takesValue ? " -r" : "") : ` -x -a ${quoted(values.join(" "))}`;
  return `-l ${word.replace(/^--/, "")}${value} -d ${quoted(summary)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
