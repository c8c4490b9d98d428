import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { completenessFindings } from "./completeness.ts";
import { EVIDENCE_NAMES, evidenceNamed, STAGES } from "./evidence-names.ts";
import { type FileToFile, fileForRelease } from "./release-archive.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { fileBefore, fileNamed, NOW_MS, releasesIn } from "./testing/sealed-release.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-list-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (commit: string | null, ...files: readonly FileToFile[]) =>
  fileForRelease(releasesIn(root), "v1.4.0", { command: "kanit", commit, target: null, files });
const check = async (folder: string, nowMs = NOW_MS) =>
  completenessFindings(await readReleaseJournal(folder), "before", nowMs)
    .filter(({ verdict }) => verdict === "fail")
    .map(({ code, line }) => `${code}: ${line}`);

describe("the list of evidence", () => {
  it("has 20 files before a deployment, 25 during it, and those after it", () => {
    const counts = STAGES.map(
      (stage) => EVIDENCE_NAMES.filter((each) => each.required && each.stage === stage).length,
    );
    // The index counts 10 after it, and names 24 hourly logs and three others.
    expect(counts).toEqual([20, 25, 27]);
  });

  it("knows files by their name for a release, also those of which there are several", () => {
    expect(evidenceNamed("sbom_v1.4.0.json", "v1.4.0")?.title).toBe("Software bill of materials");
    expect(evidenceNamed("sbom_v1.3.0.json", "v1.4.0")).toBeNull();
    expect(evidenceNamed("contract_spot_20250801T120000Z.txt", "v1.4.0")?.stage).toBe("after");
    expect(evidenceNamed("contract_spot_.txt", "v1.4.0")).toBeNull();
  });
});

describe("what is filed is compared with the list", () => {
  it("and is complete with each of them once", async () => {
    expect(await check(await fileBefore(releasesIn(root), "v1.4.0"))).toEqual([]);
  });

  it("for what is missing, empty, under an unknown name, or the same twice", async () => {
    const { folder } = await file(
      null,
      fileNamed("preflight.txt", ""),
      fileNamed("artifact_count.txt", "same\n"),
      fileNamed("rollback_dryrun.txt", "same\n"),
      fileNamed("notes.txt"),
    );
    const found = await check(folder);
    expect(found).toContain("missing: pg_dead_tuples_top5.txt is missing");
    expect(found.filter((line) => line.startsWith("missing"))).toHaveLength(17);
    expect(found.slice(17)).toEqual([
      "empty: preflight.txt has no bytes",
      "extra: notes.txt has a name that no list of evidence has",
      "duplicate: artifact_count.txt and rollback_dryrun.txt are the same, byte for byte",
    ]);
  });

  it("for what is of another commit, or more than a day old", async () => {
    await file("a".repeat(40), fileNamed("preflight.txt"));
    const { folder } = await file(
      "b".repeat(40),
      fileNamed("artifact_count.txt", "x", NOW_MS - 25 * 3_600_000),
    );
    const stale = (await check(folder)).filter((line) => line.startsWith("stale"));
    expect(stale).toEqual([
      "stale: preflight.txt: of commit aaaaaaaaaaaa, and the release is of bbbbbbbbbbbb",
      "stale: artifact_count.txt is 25 h old, more than 24 h",
    ]);
  });
});
