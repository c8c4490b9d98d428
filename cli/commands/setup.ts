import type { Command } from "commander";
import { EXIT_CODE } from "../../core/index.ts";
import type { CommandContext } from "../context.ts";
import { runProgram } from "../run-program.ts";

const INSTALL = {
  script: "installation/install-pgbouncer.mjs",
  arguments: [],
  onLine: () => undefined,
  hasFailed: () => false,
};

/** `kanit setup`: installs what a lab needs and npm does not bring, which no other command does unasked. */
export function addSetupCommand(program: Command, context: CommandContext): void {
  program
    .command("setup")
    .description(
      "install pgBouncer, which labs need and npm does not bring: with apt-get as root, or Homebrew",
    )
    .action(async () => {
      context.output.status("looking for pgbouncer …");
      const exitWith: CommandContext["exitWith"] = (code) => {
        context.exitWith(code);
        if (code === EXIT_CODE.pass) context.output.line("pgbouncer is installed.");
      };
      await runProgram(INSTALL, { ...context, exitWith });
    });
}
