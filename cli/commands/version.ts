import type { Command } from "commander";
import { INSTALLATION, readRelease } from "../../installation/index.ts";
import type { CommandContext } from "../context.ts";

/** `kanit version`, and `kanit --version`: which kanit this is, for whoever reports what it did. */
export function addVersionCommand(program: Command, { output }: CommandContext): void {
  program
    .command("version")
    .description("say which kanit this is (also `kanit --version`)")
    .action(async () => {
      const { version, commit } = await readRelease();
      const { kind, directory } = INSTALLATION;
      output.line(`kanit ${version} (commit ${commit}, ${kind} in ${directory}), Node ${process.version}`);
      output.result({ version, commit, installation: kind, directory, node: process.version });
    });
}
