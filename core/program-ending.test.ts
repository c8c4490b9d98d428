import { parseArgs } from "node:util";
import { describe, expect, it } from "vitest";
import { UnavailableError } from "./kanit-error.ts";
import { programEnding } from "./program-ending.ts";

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe("a program that the command line starts", () => {
  it("ends with one line for what the user can change", () => {
    const error = new UnavailableError({ code: "x", message: "Expected a,\n  got b.", nextStep: "Do c." });
    expect(programEnding(error)).toEqual({ exitCode: 69, text: "kanit: Expected a, got b. Do c." });
    const wrongFlag = thrownBy(() => parseArgs({ args: ["--unknown"] }));
    expect(programEnding(wrongFlag)).toMatchObject({
      exitCode: 64,
      text: expect.stringMatching(/^kanit: Unknown option/),
    });
  });

  it("never ends with the code of a fail because of a defect", () => {
    for (const error of [new TypeError("planted"), "a text", undefined]) {
      expect(programEnding(error).exitCode).toBe(70);
    }
  });
});
