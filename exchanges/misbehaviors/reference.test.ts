import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MISBEHAVIORS } from "./registry.ts";

const HERE = import.meta.dirname;

describe("the list of misbehaviors", () => {
  it("is in order, without a name twice", () => {
    const names = MISBEHAVIORS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
  });

  it("has a test of what a client sees for each", () => {
    const tests = readdirSync(HERE)
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => readFileSync(join(HERE, file), "utf8"))
      .join("\n");
    const untested = MISBEHAVIORS.filter(({ name }) => !tests.includes(`describe("${name}"`));
    expect(untested.map(({ name }) => name)).toEqual([]);
  });

  it("completes the options of each from nothing", () => {
    for (const { name, options } of MISBEHAVIORS) {
      expect(options.safeParse({}).success, name).toBe(true);
      expect(options.safeParse({ nonsense: 1 }).success, name).toBe(false);
    }
  });
});
