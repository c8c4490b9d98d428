import { Command } from "commander";
import { addAttestCommands } from "./commands/attest.ts";
import { addBackpressureCommand } from "./commands/backpressure.ts";
import { addBlastCommand } from "./commands/blast.ts";
import { addBooksCommand } from "./commands/books.ts";
import { addCanaryCommand } from "./commands/canary.ts";
import { addCheckPlatformCommand } from "./commands/check-platform.ts";
import { addCompletionCommand } from "./commands/completion.ts";
import { addContractsCommand } from "./commands/contracts.ts";
import { addDatabaseCommand } from "./commands/database.ts";
import { addDrillCommand } from "./commands/drill.ts";
import { addEvidenceCommand } from "./commands/evidence.ts";
import { addExploreCommand } from "./commands/explore.ts";
import { addExportCommand } from "./commands/export.ts";
import { addFirstNightCommand } from "./commands/first-night.ts";
import { addFreezeCommand } from "./commands/freeze.ts";
import { addGateCommands } from "./commands/gate.ts";
import { addInitCommand } from "./commands/init.ts";
import { addKeysCommand } from "./commands/keys.ts";
import { addKillSwitchCommand } from "./commands/kill-switch.ts";
import { addLabCommands } from "./commands/lab.ts";
import { addLoadCommand } from "./commands/load.ts";
import { addNoteCommand } from "./commands/note.ts";
import { addReadinessCommand } from "./commands/readiness.ts";
import { addRecordCommand } from "./commands/record.ts";
import { addReleaseOnelinerCommand } from "./commands/release-oneliner.ts";
import { addReportCommand } from "./commands/report.ts";
import { addRitualCommand } from "./commands/ritual.ts";
import { addRollbackCommand } from "./commands/rollback.ts";
import { addRunCommands } from "./commands/run.ts";
import { addRunOfShowCommand } from "./commands/run-of-show.ts";
import { addScenarioCommands } from "./commands/scenarios.ts";
import { addSchemaCommand } from "./commands/schema.ts";
import { addSetupCommand } from "./commands/setup.ts";
import { addSnapshotCommand } from "./commands/snapshot.ts";
import { addVenueCommand } from "./commands/venue.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { addVersionCommand } from "./commands/version.ts";
import type { CommandContext } from "./context.ts";
import { wrongUsageLine } from "./exit.ts";
import { terminalText } from "./terminal-text.ts";

const PROGRAM = "kanit";

/** Makes the command line with all commands, which run in this context. */
export function makeProgram(context: CommandContext): Command {
  const program = new Command(PROGRAM)
    .description(
      "Proof of what happens to orders, money and users when the network, the database or an exchange misbehaves.",
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 pass or GO, 1 fail or BLOCK, 2 inconclusive, 64 wrong usage, 69 something is missing,\n" +
        "70 internal error, 77 refused as unsafe. `kanit --version` says which kanit this is.",
    )
    .exitOverride()
    .hook("preAction", (_, command) => context.onCommand(pathOf(command).slice(PROGRAM.length + 1)));
  addRunCommands(program, context);
  addExploreCommand(program, context);
  addScenarioCommands(program, context);
  addInitCommand(program, context);
  addCheckPlatformCommand(program, context);
  addLabCommands(program, context);
  addBooksCommand(program, context);
  addSchemaCommand(program, context);
  addVenueCommand(program, context);
  addGateCommands(program, context);
  addReadinessCommand(program, context);
  addBlastCommand(program, context);
  addCanaryCommand(program, context);
  addKillSwitchCommand(program, context);
  addRollbackCommand(program, context);
  addSnapshotCommand(program, context);
  addFirstNightCommand(program, context);
  addReleaseOnelinerCommand(program, context);
  addRunOfShowCommand(program, context);
  addNoteCommand(program, context);
  addFreezeCommand(program, context);
  addDrillCommand(program, context);
  addDatabaseCommand(program, context);
  addBackpressureCommand(program, context);
  addExportCommand(program, context);
  addLoadCommand(program, context);
  addVerifyCommand(program, context);
  addEvidenceCommand(program, context);
  addKeysCommand(program, context);
  addRitualCommand(program, context);
  addAttestCommands(program, context);
  addReportCommand(program, context);
  addContractsCommand(program, context);
  addRecordCommand(program, context);
  addSetupCommand(program, context);
  addCompletionCommand(program, context);
  addVersionCommand(program, context);
  // Commander copies settings only to sub-commands that are created after it, so they are set on each of them.
  for (const each of everyCommand(program)) {
    if (each !== program) each.copyInheritedSettings(program);
    const command = pathOf(each);
    each.configureOutput({
      outputError: (text, write) =>
        write(
          `${terminalText(wrongUsageLine(text, command, (each) => context.environment.secrets.filter(each)))}\n`,
        ),
    });
    if (each.commands.length === 0) each.option("--json", "print one object for programs, nothing else");
  }
  return program;
}

/** A command and all commands below it. */
export function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** The words that call a command: `kanit load saturate`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
