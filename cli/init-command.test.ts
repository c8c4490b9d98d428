import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
});

const PATIENCE_MS = 180_000;
const ANSWERS = [
  "--name",
  "mine",
  "--venues",
  "btcturk",
  "--start",
  "node server.js",
  "--metrics",
  "/metrics",
];

describe("kanit init", () => {
  it.each(["http", "driver"])(
    "writes a definition and a scenario that kanit check accepts, with an API by %s",
    async (api) => {
      const folder = join(kanit.temporaryDirectory, api);
      const init = await kanit.run(["init", folder, ...ANSWERS, "--api", api]);
      expect(init).toMatchObject({ exitCode: 0, stderr: "" });
      const platform = join(folder, "platform.yml");
      expect(await readFile(platform, "utf8")).toMatch(
        /^# yaml-language-server: \$schema=\.\/platform\.schema\.json$/m,
      );
      const check = await kanit.run([
        "check",
        join(folder, "chaos/slow-database.yml"),
        "--platform",
        platform,
      ]);
      expect(check).toMatchObject({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringContaining("can be carried out"),
      });
    },
    PATIENCE_MS,
  );

  it(
    "names what is not answered where nobody can be asked",
    async () => {
      const { exitCode, stderr } = await kanit.run(["init", kanit.temporaryDirectory, "--name", "mine"]);
      expect(stderr).toContain("--venues <answer> --start <answer> --metrics <answer> --api <answer>");
      expect(exitCode).toBe(64);
    },
    PATIENCE_MS,
  );

  it(
    "overwrites nothing",
    async () => {
      await writeFile(join(kanit.temporaryDirectory, "platform.yml"), "name: theirs\n");
      const { exitCode, stderr } = await kanit.run([
        "init",
        kanit.temporaryDirectory,
        ...ANSWERS,
        "--api",
        "http",
      ]);
      expect(stderr).toContain("Expected a folder without platform.yml");
      expect(exitCode).toBe(64);
      expect(await readFile(join(kanit.temporaryDirectory, "platform.yml"), "utf8")).toBe("name: theirs\n");
    },
    PATIENCE_MS,
  );
});
