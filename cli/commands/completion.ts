import { Argument, type Command } from "commander";
import { FAULT_KINDS } from "../../chaos/index.ts";
import { LINK_NAMES } from "../../lab/index.ts";
import { CATALOG } from "../../scenarios/index.ts";
import { VENUE_NAMES } from "../../venues/index.ts";
import { bashCompletion } from "../completion/bash.ts";
import { completionTree } from "../completion/completion-tree.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import type { CommandContext } from "../context.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const SCENARIOS = CATALOG.map(({ name }) => name);
const NAMES = {
  run: SCENARIOS,
  inject: [...LINK_NAMES, ...Object.keys(FAULT_KINDS)],
  venue: [...VENUE_NAMES, "misbehave", "behave", "status", "pause", "resume", "session"],
};

const HOW = `
Load it where your shell starts:
  bash   eval "$(kanit completion bash)"          in ~/.bashrc
  zsh    eval "$(kanit completion zsh)"           in ~/.zshrc, after compinit
  fish   kanit completion fish | source           in ~/.config/fish/config.fish`;

/** `kanit completion bash|zsh|fish`: prints a script that has the shell complete kanit's commands and options. */
export function addCompletionCommand(program: Command, { output }: CommandContext): void {
  program
    .command("completion")
    .description("print a script by which a shell completes kanit's commands, options and names")
    .addArgument(
      new Argument("<shell>", "which shell").choices(Object.keys(SHELLS) as (keyof typeof SHELLS)[]),
    )
    .addHelpText("after", HOW)
    .action((shell: keyof typeof SHELLS) => {
      const script = SHELLS[shell](completionTree(program, NAMES));
      output.line(script.trimEnd());
      output.result({ script });
    });
}
