import { execFileSync } from "node:child_process";
import { matchesGlob } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PROJECT_DIRECTORY } from "./directories.ts";
import scripts from "./install-scripts.json" with { type: "json" };
import { readProjectFile } from "./project-files.ts";

const lockFile = z.object({
  packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })),
});

/** Packages whose install script is not run: each works without it. */
const LEFT_OUT = [
  // Reports each installation to a third party.
  "@scarf/scarf",
  // Prints advertisements.
  "ccxt",
  // Native accelerators of ssh2 and ws, which also have the same in JavaScript.
  "bufferutil",
  "cpu-features",
  "ssh2",
  // Warns about version numbers.
  "protobufjs",
];

const withScript = Object.entries(lockFile.parse(JSON.parse(readProjectFile("package-lock.json"))).packages)
  .filter(([, { hasInstallScript }]) => hasInstallScript === true)
  .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));

describe("an install script of a dependency", () => {
  it("is not run by any version of npm, because of .npmrc", () => {
    const value = execFileSync("npm", ["config", "get", "ignore-scripts"], {
      cwd: PROJECT_DIRECTORY,
      encoding: "utf8",
    });
    expect(value.trim()).toBe("true");
  });

  it("is run by the setup if kanit needs it, or is listed as not run", () => {
    const known = [...scripts.map((each) => each.package), ...LEFT_OUT];
    const unknown = withScript.filter((name) => !known.some((pattern) => matchesGlob(name, pattern)));
    expect(unknown).toEqual([]);
  });

  it("is listed only while a dependency has it", () => {
    const named = [...scripts.map((each) => each.package), ...LEFT_OUT];
    expect(named.filter((pattern) => !withScript.some((name) => matchesGlob(name, pattern)))).toEqual([]);
  });
});
