import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(() => kanit[Symbol.asyncDispose]());

it("a blast whose evidence cannot be written keeps its decision, and warns", async () => {
  const archive = join(kanit.temporaryDirectory, "out");
  await mkdir(archive);
  await writeFile(join(archive, "v1"), "a file where the folder of the release is due\n");
  // Nothing listens there.
  const ended = await kanit.run(["blast", "http://127.0.0.1:9", "v1", "1", "--archive", archive]);
  expect(ended).toMatchObject({ exitCode: 1, stderr: "" });
  expect(ended.stdout).toMatch(/^BLOCK {2}v1 at http:\/\/127\.0\.0\.1:9$/m);
  expect(ended.stdout).toMatch(/^ {2}warning: Expected .*\bv1\b/m);
});
