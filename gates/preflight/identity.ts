import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { counted } from "../../core/index.ts";
import { defineCheck } from "../engine/check.ts";
import type { Mutant } from "../engine/mutant.ts";
import { git } from "../engine/read-commit.ts";

const execute = promisify(execFile);
const SHOWN_FILES = 10;

const dirtyTree: Mutant = {
  what: "A file that no commit has is put into a copy of the repository.",
  apply: async ({ target, directory, signal }) => {
    const repository = target.parts.repository;
    if (repository === null) throw new Error("there is no repository");
    const copy = join(directory, "repository");
    // A clone: the repository itself is not touched.
    await execute("git", ["clone", "--quiet", "--shared", repository.directory, copy], {
      signal,
    });
    await writeFile(join(copy, "not-committed.txt"), "changed after the commit\n");
    return {
      effect: "git status of the copy: ?? not-committed.txt",
      parts: { repository: { ...repository, directory: copy } },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};

/** Which commit is released, by whom, when. */
export const identity = defineCheck({
  id: "identity-and-time-seal",
  title: "Identity and time seal",
  question: "Is what is released exactly one commit, with its tag, and who deploys it when?",
  risk: "Files that nobody reviewed are deployed, and afterwards nobody can say what ran.",
  command: "git rev-parse HEAD && git status --porcelain && git tag --points-at HEAD && date -u && whoami",
  passes: "the tree is clean, and for a release the tag of its name is at this commit",
  fix: "Commit or remove what is listed, then tag the commit: git tag -s <release>.",
  evidence: ["preflight.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["repository"],
  mutant: dirtyTree,
  observe: async ({ repository }, { target, commit, clock, signal }) => {
    const { directory, tag } = repository;
    if (commit === null)
      throw new Error(`Expected a git repository in ${directory}, but git finds none there.`);
    const asOfMs = clock.nowMs();
    const [head, status, tagText] = await Promise.all([
      git(directory, ["rev-parse", "HEAD"], signal),
      git(directory, ["status", "--porcelain"], signal),
      git(directory, ["tag", "--points-at", "HEAD"], signal),
    ]);
    const changed = status === "" ? [] : status.split("\n");
    const tags = tagText === "" ? [] : tagText.split("\n");
    const isTagged = tags.includes(target.release);
    const tagLine = isTagged
      ? target.release
      : `${target.release} is not at this commit${tag === "required" ? "" : " (a rehearsal needs no tag)"}`;
    return {
      expected: ["commit", "tree", "tags", "deployer"],
      examined: ["commit", "tree", "tags", ...(target.deployer === "" ? [] : ["deployer"])],
      acts: [],
      asOfMs,
      violations: [
        ...(head === commit.sha ? [] : [`the commit changed meanwhile from ${commit.sha} to ${head}`]),
        ...(changed.length === 0
          ? []
          : [`${counted(changed.length, "file")} not as in the commit: ${shown(changed)}`]),
        ...(isTagged || tag === "not-needed" ? [] : [`no tag ${target.release} at ${head.slice(0, 12)}`]),
      ],
      unclear: [],
      summary: `${head.slice(0, 12)}, ${changed.length === 0 ? "clean" : `${changed.length} changed`}, tag ${isTagged ? target.release : "none"}`,
      texts: [
        [
          "Identity and time seal",
          `  sha       ${head}`,
          `  tree      ${changed.length === 0 ? "clean" : shown(changed)}`,
          `  tag       ${tagLine}`,
          `  deployer  ${target.deployer}`,
          `  time      ${new Date(asOfMs).toISOString()}`,
          "",
        ].join("\n"),
      ],
    };
  },
});

function shown(lines: readonly string[]): string {
  const more = lines.length - SHOWN_FILES;
  return `${lines.slice(0, SHOWN_FILES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
