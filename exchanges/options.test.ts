import { describe, expect, it } from "vitest";
import { completeOptions } from "./options.ts";

describe("the stubs' options", () => {
  it("are complete without any given option", () => {
    expect(completeOptions({})).toMatchObject({
      seed: 1,
      tape: ["synthetic"],
      tapeSpeed: 1,
      rateLimits: "counted",
    });
  });

  it("are parsed from the texts of a command line", () => {
    const read = completeOptions({ seed: "7", tapeSpeed: "0.5", firstPort: "8080" });
    expect(read).toMatchObject({ seed: 7, tapeSpeed: 0.5, firstPort: 8080 });
  });

  it.each([
    ["seed", "x"],
    ["tapeSpeed", "0"],
    ["tapeSpeed", "-1"],
    ["btcturkSecret", "not base64!"],
    ["rateLimits", "sometimes"],
    ["firstPort", "65536"],
    ["tape", ""],
  ])("are refused by name when %s is %j", (name, value) => {
    expect(() => completeOptions({ [name]: value })).toThrow(`got for ${name}:`);
  });

  it("are refused by name when unknown", () => {
    expect(() => completeOptions({ sped: 1 } as object)).toThrow("got for sped:");
  });
});
