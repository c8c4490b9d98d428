import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyAdditions, codeBlocksOf } from "./guide-code.ts";

/**
 * The rooms that the guide's code imports, with Node's types: the test changes a copy of them, not the
 * project.
 */
const ROOMS = ["chaos", "core", "network", "venues"];
/** Within the project, so that the copy finds its dependencies; no other code reads this folder. */
const SCRATCH = "reports/out";
const LONG_MS = 180_000;

const blocks = codeBlocksOf(await readFile("docs/add-a-fault.md", "utf8"));
let copy: string;

/** The output of one of the project's programs; empty when it succeeds. */
function complaintsOf(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(join("node_modules", ".bin", program), args, {
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`;
}

beforeAll(async () => {
  await mkdir(SCRATCH, { recursive: true });
  copy = await mkdtemp(join(SCRATCH, "add-a-fault-"));
  for (const room of ROOMS) await cp(room, join(copy, room), { recursive: true });
  for (const { path, language, text } of blocks) {
    const file = join(copy, path);
    await writeFile(file, language === "diff" ? applyAdditions(await readFile(file, "utf8"), text) : text);
  }
  const files = blocks.map(({ path }) => path);
  const options = { incremental: false };
  const settings = { extends: "../../../tsconfig.json", compilerOptions: options, files, include: [] };
  await writeFile(join(copy, "tsconfig.json"), JSON.stringify(settings));
  await writeFile(join(copy, "vitest.config.ts"), "export default {};\n");
}, LONG_MS);

afterAll(() => rm(copy, { recursive: true, force: true }));

describe("the guide to adding a fault", () => {
  it("contains a toxic, a fault and a test, with the lines for both registries", () => {
    expect(blocks.map(({ language, path }) => `${language} ${basename(path)}`)).toEqual([
      "ts drip.ts",
      "diff registry.ts",
      "ts drip.ts",
      "diff registry.ts",
      "ts drip.test.ts",
    ]);
  });

  it(
    "has code that compiles",
    () => {
      expect(complaintsOf("tsc", "-p", copy)).toBe("");
    },
    LONG_MS,
  );

  it(
    "has a test that passes, together with those that compare every fault with its toxic and the page on faults",
    () => {
      const tests = ["drip.test.ts", "toxic-fault.test.ts", "document-faults.test.ts"];
      const files = tests.map((test) => join("chaos", "faults", test));
      expect(complaintsOf("vitest", "run", "--root", copy, "--testTimeout", "60000", ...files)).toBe("");
    },
    LONG_MS,
  );
});
