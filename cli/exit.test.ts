import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { RefusedError, UnavailableError, UsageError } from "../core/index.ts";
import { endingOf, wrongUsageLine } from "./exit.ts";
import { Interrupted } from "./interruption.ts";

const details = { code: "broken", message: "Expected a disk,\n  got none.", nextStep: "Insert one." };
const systemError = (code: string) =>
  Object.assign(new Error(`${code}: no luck, open '/evidence'`), { code });

describe("a command that threw", () => {
  it.each([
    [64, new UsageError(details)],
    [69, new UnavailableError(details)],
    [77, new RefusedError(details)],
  ])("ends with %i and what to do, on one line", (exitCode, error) => {
    const message = "kanit: Expected a disk, got none. Insert one.";
    expect(endingOf(error)).toEqual({
      exitCode,
      message,
      error: { code: "broken", message: details.message, nextStep: "Insert one.", lines: [] },
    });
  });

  it("is inconclusive when it was interrupted before any result", () => {
    expect(endingOf(new Interrupted("SIGTERM", 12_340))).toMatchObject({
      exitCode: 2,
      message: "kanit: Interrupted by SIGTERM after 12.3 s. There is no result.",
    });
  });

  it.each(["ENOSPC", "EACCES", "EISDIR"])(
    "for %s reports what the machine lacks, without a stack",
    (code) => {
      const { exitCode, message } = endingOf(systemError(code));
      expect(exitCode).toBe(69);
      expect(message).toMatch(new RegExp(`^kanit: ${code}: no luck[^\\n]+$`));
    },
  );

  it("for a missing file of its own reports a defect, as for every unexpected error", () => {
    for (const error of [systemError("ENOENT"), new TypeError("planted")]) {
      const { exitCode, message } = endingOf(error);
      expect(exitCode).toBe(70);
      expect(message).toMatch(/^kanit: internal error\..*\n.*\n +at /);
    }
    expect(endingOf("a text")).toMatchObject({ exitCode: 70 });
  });

  it("prints nothing more about a wrong command line, which was already reported", () => {
    const wrong = new CommanderError(1, "commander.unknownCommand", "error: unknown command 'x'");
    expect(endingOf(wrong)).toMatchObject({
      exitCode: 64,
      message: null,
      error: { code: "wrong-usage", message: "unknown command 'x'" },
    });
    const help = new CommanderError(0, "commander.helpDisplayed", "(outputHelp)");
    expect(endingOf(help)).toEqual({ exitCode: 0, message: null, error: null });
  });
});

describe("a wrong command line", () => {
  it("is reported on one line, with where to look", () => {
    expect(wrongUsageLine("error: unknown command 'stat'\n(Did you mean status?)\n", "kanit")).toBe(
      "kanit: unknown command 'stat' (Did you mean status?) (kanit --help lists the commands)",
    );
  });

  it("of a command is reported with the command's own help", () => {
    expect(wrongUsageLine("error: unknown option '--sed'\n(Did you mean --seed?)\n", "kanit run")).toBe(
      "kanit: unknown option '--sed' (Did you mean --seed?) (kanit run --help lists its options)",
    );
  });

  it("stays short whatever the user typed", () => {
    const line = wrongUsageLine(`error: unknown command '${"x".repeat(1e6)}'`, "kanit");
    expect(line.length).toBeLessThan(300);
  });
});
