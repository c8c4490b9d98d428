import { type Command, CommanderError } from "commander";
import fc from "fast-check";
import { makeProgram } from "../../../cli/program.ts";
import { silentContext } from "../../../cli/testing/silent-context.ts";
import { target } from "../fuzz-target.ts";

/** The real command line, except that no command does anything. */
function parserOnly(): Command {
  const program = makeProgram(silentContext());
  for (const command of everyCommand(program)) {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  return program;
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

const commands = everyCommand(parserOnly());
const VALUES = [
  "",
  "0",
  "-1",
  "1e9",
  "4294967296",
  "api=22=3",
  "api=8080",
  "10-500",
  "5m",
  "/proc/x",
  "A=b",
  "--",
  "1_0",
];
const argument = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...commands.flatMap(({ options }) => options.map(({ long }) => long ?? ""))),
  },
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
);
const line = fc
  .tuple(fc.constantFrom(...commands.map((command) => command.name())), fc.array(argument, { maxLength: 6 }))
  .map(([command, words]) => JSON.stringify([command, ...words]));

/** Every command and option, with likely and unlikely values. */
export const commandLineTargets = [
  target(
    "command-line",
    line,
    (text) => parserOnly().parseAsync(JSON.parse(text) as string[], { from: "user" }),
    (error) => error instanceof CommanderError,
  ),
];
