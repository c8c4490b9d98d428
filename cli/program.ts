import { Command } from "commander";
import { addBackpressureCommand } from "./commands/backpressure.ts";
import { addBlastCommand } from "./commands/blast.ts";
import { addContractsCommand } from "./commands/contracts.ts";
import { addDrillCommand } from "./commands/drill.ts";
import { addExportCommand } from "./commands/export.ts";
import { addLabCommands } from "./commands/lab.ts";
import { addLoadCommand } from "./commands/load.ts";
import { addRecordCommand } from "./commands/record.ts";
import { addReportCommand } from "./commands/report.ts";
import { addRunCommands } from "./commands/run.ts";
import { addScenarioCommands } from "./commands/scenarios.ts";
import { addSchemaCommand } from "./commands/schema.ts";
import { addSetupCommand } from "./commands/setup.ts";
import { addVenueCommand } from "./commands/venue.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import type { CommandContext } from "./context.ts";
import { wrongUsageLine } from "./exit.ts";

/** Makes the command line with all commands, which run in this context. */
export function makeProgram(context: CommandContext): Command {
  const program = new Command("kanit")
    .description(
      "Proof of what happens to orders, money and users when the network, the database or an exchange misbehaves.",
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 pass or GO, 1 fail or BLOCK, 2 inconclusive, 64 wrong usage, 69 something is missing,\n" +
        "70 internal error, 77 refused as unsafe.",
    )
    .configureOutput({
      outputError: (text, write) => write(`${context.environment.secrets.filter(wrongUsageLine(text))}\n`),
    })
    .exitOverride();
  addRunCommands(program, context);
  addScenarioCommands(program, context);
  addLabCommands(program, context);
  addSchemaCommand(program, context);
  addVenueCommand(program, context);
  addBlastCommand(program, context);
  addDrillCommand(program, context);
  addBackpressureCommand(program, context);
  addExportCommand(program, context);
  addLoadCommand(program, context);
  addVerifyCommand(program, context);
  addReportCommand(program, context);
  addContractsCommand(program, context);
  addRecordCommand(program, context);
  addSetupCommand(program, context);
  // Commander copies the override only to sub-commands that are created after it, so it is set on each of them.
  for (const command of program.commands) {
    for (const each of [command, ...command.commands]) each.exitOverride().copyInheritedSettings(program);
  }
  return program;
}
