import { type Command, CommanderError } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endingOf } from "./exit.ts";
import { everyCommand, makeProgram } from "./program.ts";
import { silentContext } from "./testing/silent-context.ts";

/** The real command line, except that no command does anything. */
function parserOnly(): Command {
  const program = makeProgram(silentContext());
  for (const command of everyCommand(program)) {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  return program;
}

/** The words that the command line knows, and arbitrary text. */
const words = [
  ...new Set(
    everyCommand(parserOnly()).flatMap((command) => [
      command.name(),
      ...command.options.flatMap(({ long, short }) => [long, short].flatMap((flag) => flag ?? [])),
    ]),
  ),
];
/** Any code point. The unit "binary" of fast-check is made anew in each test file, which takes seconds. */
const codePoint = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point).toWellFormed());

const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("", "0", "-1", "1e9", "api=22=3", "api=8080", "10-500", "5m", "/proc/x"),
  },
  { weight: 1, arbitrary: fc.string({ unit: codePoint, maxLength: 2_000 }) },
);

describe("the parser of the command line", () => {
  it("either accepts a list of arguments or refuses it on one line with exit code 64", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (args) => {
        try {
          await parserOnly().parseAsync(args, { from: "user" });
        } catch (error) {
          const { exitCode, message } = endingOf(error, (text) => text);
          expect([0, 64], `${args.join(" ")}: ${String(error)}`).toContain(exitCode);
          if (!(error instanceof CommanderError)) expect(message).toMatch(/^kanit: [^\n]{1,2010}$/);
        }
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);

  it.each([
    ["up", "--port", "api=22=3"],
    ["up", "--seed", ""],
    ["up", "--seed", "-1"],
    ["up", "--seed", "4294967296"],
    ["up", "--tape", ""],
    ["verify", ""],
    ["export", "grafana", "--out", ""],
    ["blast", "http://127.0.0.1:1", "v1", "1e9"],
    ["blast", "http://127.0.0.1:1", "v1", "1000000000"],
    ["load", "--rate", "1000000000"],
    ["load", "--for", "20y"],
  ])("refuses %j %j %j", async (...args) => {
    await expect(parserOnly().parseAsync(args, { from: "user" })).rejects.toThrow(
      expect.objectContaining({ code: "commander.invalidArgument" }),
    );
  });
});
