import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { readCommit } from "../engine/read-commit.ts";
import { runCheck } from "../engine/run-check.ts";
import type { Commit, FiledOfRelease } from "../engine/target.ts";
import { type BuildEvidence, rehearseBuild } from "../target/rehearsed-build.ts";
import { makeRepository } from "../testing/gated-lab.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { sbomAttached } from "./sbom-attached.ts";

const execute = promisify(execFile);
const { signal } = new AbortController();

let directory = "";
let repository = "";
let commit: Commit | null = null;
let build: BuildEvidence;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-sbom-"));
  repository = await makeRepository(directory);
  commit = await readCommit(repository, signal);
  build = await rehearseBuild(repository, directory, { clock: systemClock, signal });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The check, with these texts filed of a commit. */
async function checked(texts: Partial<BuildEvidence>, of = commit?.sha ?? null) {
  const evidence: FiledOfRelease = (name) => {
    const text = new Map(Object.entries(texts)).get(name.replace("v1.4.0", "{release}"));
    if (text === undefined) return Promise.resolve(null);
    return Promise.resolve({ text, commit: of, target: "lab", atMs: systemClock.nowMs() });
  };
  const target = {
    ...EMPTY_TARGET,
    parts: {
      ...EMPTY_TARGET.parts,
      evidence,
      repository: { directory: repository, tag: "not-needed" } as const,
    },
  };
  const now = await readCommit(repository, signal);
  const { verdict, reasons } = await runCheck(sbomAttached, target, {
    ...{ commit: now, wasSeenRed: true, clock: systemClock, signal },
  });
  return { verdict, reasons };
}

describe("the check of the bill of materials", () => {
  it("passes for the bill that is made of this commit and of what was built of it", async () => {
    expect(await checked(build)).toEqual({ verdict: "pass", reasons: [] });
  });

  it("fails when nothing is filed", async () => {
    expect(await checked({})).toEqual({
      verdict: "fail",
      reasons: [
        "sbom_v1.4.0.json is not filed with the release",
        "build_provenance_v1.4.0.json is not filed with the release",
      ],
    });
  });

  it("fails when the bill lists another version, and says which", async () => {
    const texts = {
      ...build,
      "sbom_{release}.json": build["sbom_{release}.json"].replaceAll("1.0.0", "1.0.1"),
    };
    expect(await checked(texts)).toEqual({
      verdict: "fail",
      reasons: ["the SBOM lacks left@1.0.0", "the SBOM lists what is not shipped: left@1.0.1"],
    });
  });

  it("fails when the provenance is of another build", async () => {
    const provenance = build["build_provenance_{release}.json"].replaceAll(
      /"sha256": "[0-9a-f]/g,
      '"sha256": "x',
    );
    expect(await checked({ ...build, "build_provenance_{release}.json": provenance })).toEqual({
      verdict: "fail",
      reasons: ["the SBOM is of another rehearsed-build.tgz"],
    });
  });

  it("is inconclusive for what is no bill of materials", async () => {
    const { verdict } = await checked({ ...build, "sbom_{release}.json": "<html>" });
    expect(verdict).toBe("inconclusive");
  });

  it("fails for the bill of the commit before, although its packages are the same", async () => {
    await writeFile(join(repository, "src", "main.ts"), "export const changed = true;\n");
    const author = ["-c", "user.name=mara", "-c", "user.email=mara@localhost"];
    await execute("git", [...author, "commit", "--quiet", "--all", "--message", "Change it"], {
      cwd: repository,
    });
    const { verdict, reasons } = await checked(build);
    expect(verdict).toBe("fail");
    expect(reasons).toContain(`sbom_v1.4.0.json is of commit ${commit?.sha}`);
  });
});
