import { bashCompletion } from "./bash.ts";
import type { CompletionCommand } from "./completion-tree.ts";

/** A script for zsh, which reads bash's. */
export function zshCompletion(tree: readonly CompletionCommand[]): string {
  return `# Completion of kanit for zsh, made by \`kanit completion zsh\`.
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(tree)}`;
}
