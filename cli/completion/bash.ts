import type { CompletionCommand } from "./completion-tree.ts";

/** A script for bash. Where kanit knows no word, the names of files are offered. */
export function bashCompletion(tree: readonly CompletionCommand[]): string {
  const cases = tree.map(({ path, commands, options, values }) => {
    const words = [...commands.map(({ word }) => word), ...values, ...options.map(({ word }) => word)];
    return `    '${path.join(" ")}') words='${words.join(" ")}' ;;`;
  });
  const known = tree.flatMap(({ path }) => (path.length === 0 ? [] : [`'${path.join(" ")}'`]));
  return `# Completion of kanit for bash, made by \`kanit completion bash\`.
_kanit() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in
      ${known.join(" | ")}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command" in
${cases.join("\n")}
  esac
  case "$command $previous" in
${valueCases(tree).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kanit kanit
`;
}

/** After an option that takes a value, only its values are offered; a file where they are not known. */
function valueCases(tree: readonly CompletionCommand[]): string[] {
  return tree.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ word, values }) => `    '${path.join(" ")} ${word}') words='${values.join(" ")}' ;;`),
  );
}
