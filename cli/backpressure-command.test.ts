import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
});

describe("an invalid search for a limit", () => {
  it.each([
    [["--rates", "40,20"], /^kanit: Expected rates above 0 that ascend, .* got "40,20"\./],
    [["--rates", "many"], /^kanit: Expected rates above 0 that ascend, .* got "many"\./],
    [["--rates", ""], /--rates <list>.* Expected a text that is not empty\./],
    [["--rates", "1000000"], /up to 100000 op\/s/],
    [["--step-for", "1s"], /^kanit: Expected --step-for to be from 2s to 10m, got "1s"\./],
    [["--step-for", "soon"], /^kanit: /],
    [["--must-hold", "-1"], /^kanit: /],
  ])("is refused in a line: %j", async (flags, line) => {
    const { exitCode, stderr } = await kanit.run(["backpressure", ...flags]);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });
});
