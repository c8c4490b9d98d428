import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { RefusedError, UnavailableError, UsageError } from "../core/index.ts";
import { endingOf, wrongUsageLine } from "./exit.ts";
import { Interrupted } from "./interruption.ts";

const details = { code: "broken", message: "Expected a disk,\n  got none.", nextStep: "Insert one." };
const asItIs = (text: string) => text;
const systemError = (code: string) =>
  Object.assign(new Error(`${code}: no luck, open '/evidence'`), { code });

describe("a command that threw", () => {
  it("has no part of a secret in its message, where a long word is truncated", () => {
    const secret = "zQ9fK2mX7wL4tR8vB1nC";
    const filter = (text: string) => text.replaceAll(secret, "[redacted]");
    for (let before = 60; before < 110; before++) {
      const message = `${"x".repeat(before)}${secret}${"x".repeat(200)}`;
      const ending = endingOf(new UsageError({ ...details, message }), filter);
      expect(JSON.stringify(ending)).not.toContain(secret.slice(0, 3));
    }
  });

  it.each([
    [64, new UsageError(details)],
    [69, new UnavailableError(details)],
    [77, new RefusedError(details)],
  ])("ends with %i and what to do, on one line", (exitCode, error) => {
    const message = "kanit: Expected a disk, got none. Insert one.";
    expect(endingOf(error, asItIs)).toEqual({
      exitCode,
      message,
      error: { code: "broken", message: details.message, nextStep: "Insert one.", lines: [] },
    });
  });

  it("is inconclusive when it was interrupted before any result", () => {
    expect(endingOf(new Interrupted("SIGTERM", 12_340), asItIs)).toMatchObject({
      exitCode: 2,
      message: "kanit: Interrupted by SIGTERM after 12.3 s. There is no result.",
    });
  });

  it.each(["ENOSPC", "EACCES", "EISDIR"])(
    "for %s reports what the machine lacks, without a stack",
    (code) => {
      const { exitCode, message } = endingOf(systemError(code), asItIs);
      expect(exitCode).toBe(69);
      expect(message).toMatch(new RegExp(`^kanit: ${code}: no luck[^\\n]+$`));
    },
  );

  it("for a missing file of its own reports a defect, as for every unexpected error", () => {
    for (const error of [systemError("ENOENT"), new TypeError("planted")]) {
      const { exitCode, message } = endingOf(error, asItIs);
      expect(exitCode).toBe(70);
      expect(message).toMatch(/^kanit: internal error\..*\n.*\n +at /);
    }
    expect(endingOf("a text", asItIs)).toMatchObject({ exitCode: 70 });
  });

  it("prints nothing more about a wrong command line, which was already reported", () => {
    const wrong = new CommanderError(1, "commander.unknownCommand", "error: unknown command 'x'");
    expect(endingOf(wrong, asItIs)).toMatchObject({
      exitCode: 64,
      message: null,
      error: { code: "wrong-usage", message: "unknown command 'x'" },
    });
    const help = new CommanderError(0, "commander.helpDisplayed", "(outputHelp)");
    expect(endingOf(help, asItIs)).toEqual({ exitCode: 0, message: null, error: null });
  });
});

describe("a wrong command line", () => {
  it("is reported on one line, with where to look", () => {
    expect(wrongUsageLine("error: unknown command 'stat'\n(Did you mean status?)\n", "kanit", asItIs)).toBe(
      "kanit: unknown command 'stat' (Did you mean status?) (kanit --help lists the commands)",
    );
  });

  it("of a command is reported with the command's own help", () => {
    expect(
      wrongUsageLine("error: unknown option '--sed'\n(Did you mean --seed?)\n", "kanit run", asItIs),
    ).toBe("kanit: unknown option '--sed' (Did you mean --seed?) (kanit run --help lists its options)");
  });

  it("stays short whatever the user typed", () => {
    const line = wrongUsageLine(`error: unknown command '${"x".repeat(1e6)}'`, "kanit", asItIs);
    expect(line.length).toBeLessThan(300);
  });
});
