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

const manifest = z.object({ allowScripts: z.record(z.string(), z.boolean()) });

/**
 * Packages that bring an install script and are left without, as package.json says to those versions of npm that ask
 * it: @scarf/scarf reports each installation to a third party, ccxt prints advertisements, protobufjs warns of version
 * numbers, libxmljs2 is built for XML, which kanit's bills of materials are not, and the others are native accelerators
 * of what ssh2 and ws have in JavaScript too.
 */
const { allowScripts } = manifest.parse(JSON.parse(readProjectFile("package.json")));
const LEFT_OUT = Object.keys(allowScripts).filter((name) => allowScripts[name] === false);

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

  it.each(["project/setup.mjs", "docker/install-dependencies.sh"])("is not run by the npm of %s", (file) => {
    const installs = readProjectFile(file)
      .split("\n")
      .filter((line) => /\bnpm\b.*\b(?:ci|install|rebuild)\b/.test(line) && !/^\s*(?:\/\/|#|\*)/.test(line))
      .filter((line) => /run\(|^npm/.test(line));
    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter((line) => !line.includes("--ignore-scripts"))).toEqual([]);
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
