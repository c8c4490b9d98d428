import { describe, expect, it } from "vitest";
import { EXIT_CODE } from "../core/index.ts";
import { Crash } from "./crash.ts";
import { KnownVerdict } from "./known-verdict.ts";

function crashing() {
  const known = new KnownVerdict();
  const happened: string[] = [];
  const crash = new Crash({
    known,
    interrupt: (reason) => happened.push(`interrupted: ${String(reason)}`),
    filter: (text) => text,
    write: (line) => happened.push(line.split("\n", 1)[0] ?? ""),
    exit: (code) => happened.push(`exit ${code}`),
  });
  return { known, crash, happened };
}

describe("an error that nobody caught", () => {
  it("is reported, and closes the run like an interruption", () => {
    const { crash, happened } = crashing();
    crash.onUncaught(new TypeError("planted"));
    expect(happened).toEqual([
      "kanit: internal error. Please report it with this:",
      "interrupted: Error: An internal error ended the run.",
    ]);
  });

  it("ends with 70 when no verdict was known, whatever the command returns", () => {
    const { crash } = crashing();
    expect(crash.exitCodeOf(EXIT_CODE.pass)).toBe(0);
    crash.onUncaught(new TypeError("planted"));
    expect(crash.exitCodeOf(EXIT_CODE.pass)).toBe(70);
    expect(crash.exitCodeOf(EXIT_CODE.inconclusive)).toBe(70);
  });

  it.each([
    ["fail", 1],
    ["inconclusive", 2],
    ["pass", 2],
  ] as const)("ends with the exit code of the known verdict: %s", (verdict, exitCode) => {
    const { crash, known } = crashing();
    known.note(verdict);
    crash.onUncaught(new TypeError("planted"));
    expect(crash.exitCodeOf(EXIT_CODE.pass)).toBe(exitCode);
  });

  it("ends the process at once when it is the second", () => {
    const { crash, known, happened } = crashing();
    crash.onUncaught(new TypeError("planted"));
    known.note("fail");
    crash.onUncaught(new TypeError("planted again"));
    expect(happened.at(-1)).toBe("exit 1");
  });
});

describe("a command that ended with an error", () => {
  it("never loses a fail that was known", () => {
    const known = new KnownVerdict();
    expect(known.exitCodeAfter(EXIT_CODE.unavailable)).toBe(69);
    known.note("fail");
    known.note("pass");
    expect(known.exitCodeAfter(EXIT_CODE.unavailable)).toBe(1);
  });
});
