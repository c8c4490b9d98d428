import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProvedGates } from "../gates.ts";
import type { Artifact } from "./artifact.ts";
import { ARTIFACTS } from "./artifact-table.ts";
import { readArtifacts } from "./read-artifacts.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-artifacts-"));
  await writeFile(join(directory, "runbook.md"), "# What to do\n");
  await writeFile(join(directory, "runbook.test.ts"), "it();\n");
  await writeFile(join(directory, "empty.md"), "");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const RUNBOOK: Artifact = {
  number: 1,
  name: "Runbook",
  places: ["runbook.md"],
  proof: { kind: "test", path: "runbook.test.ts" },
};

async function problemsOf(changes: Partial<Artifact>, isProved = true) {
  const [found] = await readArtifacts(directory, [{ ...RUNBOOK, ...changes }], () => isProved);
  return found?.problems;
}

describe("the artifacts of the deployment index", () => {
  it("are 40, each with its number, a name of its own, a place and a proof", () => {
    expect(ARTIFACTS.map(({ number }) => number)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    expect(new Set(ARTIFACTS.map(({ name }) => name)).size).toBe(40);
    expect(ARTIFACTS.filter(({ places }) => places.length === 0)).toEqual([]);
  });

  it("are all here, and proved", async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const found = await readArtifacts(root, ARTIFACTS, await readProvedGates());
    expect(
      found.flatMap(({ artifact, problems }) => problems.map((problem) => `${artifact.name}: ${problem}`)),
    ).toEqual([]);
  });

  it("are in order when they are here, have something in them, and are proved", async () => {
    expect(await problemsOf({})).toEqual([]);
    expect(await problemsOf({ proof: { kind: "gate", gate: "preflight" } })).toEqual([]);
  });

  it("are named when they are missing, empty or unproved", async () => {
    expect(await problemsOf({ places: ["runbook.md", "gone.md"] })).toEqual(["gone.md is missing"]);
    expect(await problemsOf({ places: ["empty.md"] })).toEqual(["empty.md is empty"]);
    expect(await problemsOf({ proof: { kind: "test", path: "gone.test.ts" } })).toEqual([
      "unproved: gone.test.ts is missing",
    ]);
    const proof = { kind: "gate", gate: "canary" } as const;
    expect(await problemsOf({ proof }, false)).toEqual(["unproved: no drill of the gate canary"]);
  });
});
