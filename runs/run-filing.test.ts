import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry, systemClock, UnavailableError } from "../core/index.ts";
import { type Archive, createArchive, type RunRecord, verifyArchive } from "../evidence/index.ts";
import { writeReport } from "../reports/index.ts";
import { RunFiling } from "./run-filing.ts";
import { filedRun } from "./testing/filed-run.ts";

const FULL = new UnavailableError({
  code: "disk-full",
  message: "Expected room for evidence, got ENOSPC.",
  nextStep: "Free some space.",
});

/** An archive on a disk that becomes full at the line about `from`. */
function fullFrom(archive: Archive, from: string): Archive {
  return {
    ...archive,
    startJournal: () => {
      const journal = archive.startJournal();
      const append = (kind: string, data: unknown) => {
        if (kind === from) throw FULL;
        return journal.append(kind, data);
      };
      return { ...journal, append };
    },
    writeJson: () => Promise.reject(FULL),
  };
}

describe("a run that is filed", () => {
  let root: string;
  let archive: Archive;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kanit-filing-"));
    archive = await createArchive({
      root,
      runId: "run-1",
      clock: systemClock,
      secrets: new SecretRegistry(),
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const never = new AbortController().signal;
  const run: RunRecord = filedRun("fail");

  it("has its report and a manifest that holds", async () => {
    using filing = new RunFiling(archive, never);
    filing.append({ kind: "run.started" });
    const filed = await filing.close(run, writeReport);
    expect(filed).toMatchObject({ verdict: "fail", problems: [] });
    expect(filed.paths?.html).toBe(join(archive.folder, "index.html"));
    expect(await verifyArchive(archive.folder)).toMatchObject({ intact: true });
  });

  it("keeps its fail on a full disk, begins nothing more, and says so once", async () => {
    using filing = new RunFiling(fullFrom(archive, "scenario.started"), never);
    filing.append({ kind: "run.started" });
    expect(filing.signal.aborted).toBe(false);
    filing.append({ kind: "scenario.started" });
    expect(filing.signal.aborted).toBe(true);
    filing.append({ kind: "scenario.started" });
    const filed = await filing.close(run, writeReport);
    expect(filed).toEqual({
      record: run,
      verdict: "fail",
      paths: null,
      problems: ["Expected room for evidence, got ENOSPC. Free some space."],
    });
  });

  it("never passes without its evidence", async () => {
    using filing = new RunFiling(fullFrom(archive, "nothing"), never);
    const filed = await filing.close(filedRun("pass"), writeReport);
    expect(filed).toMatchObject({ verdict: "inconclusive", paths: null });
  });

  it("loses no verdict when its folder is taken away", async () => {
    using filing = new RunFiling(archive, never);
    await rm(archive.folder, { recursive: true });
    await chmod(root, 0o500);
    const filed = await filing.close(run, () => Promise.reject(new TypeError("planted")));
    await chmod(root, 0o700);
    expect(filed).toMatchObject({ verdict: "fail", paths: null });
    expect(filed.problems).toEqual(["Expected to file the run, got TypeError: planted."]);
  });
});
