import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UnavailableError } from "../core/index.ts";
import { type Archive, type Journal, verifyJournal } from "../evidence/index.ts";
import type { RunEvent } from "../harness/index.ts";
import { rebuildRun } from "./reconstruction/rebuild-run.ts";
import { RunFiling } from "./run-filing.ts";
import { eventsOf, filedRun, judgedScenario, newArchive } from "./testing/filed-run.ts";
import { verifyRun } from "./verification/verify-run.ts";

const FULL = new UnavailableError({
  code: "disk-full",
  message: "Expected room for evidence, got ENOSPC.",
  nextStep: "Free some space.",
});
const NOTHING_WRITTEN = { html: null, json: null, summary: null };

/** An archive on a disk that becomes full at the line about `from`. */
function fullFrom(archive: Archive, from: string): Archive {
  return {
    ...archive,
    startJournal: () => {
      const journal = archive.startJournal();
      let isFull = false;
      const append: Journal["append"] = (kind, data) => {
        isFull ||= kind === from;
        if (isFull) throw FULL;
        return journal.append(kind, data);
      };
      return { ...journal, append, end: () => append("journal.closed", null) };
    },
    writeRendered: () => Promise.reject(FULL),
    writeManifest: () => Promise.reject(FULL),
  };
}

describe("a filed run", () => {
  let root: string;
  let archive: Archive;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kanit-filing-"));
    archive = await newArchive(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const never = new AbortController().signal;
  const failed = async () => filedRun("fail");

  it("has its report, and a journal that ends with its verdict, its manifest and all that could be filed", async () => {
    using filing = new RunFiling(archive, never);
    filing.append({ kind: "run.started" });
    const filed = await filing.file(failed);
    expect(filed).toMatchObject({ verdict: "fail", problems: [] });
    expect(filed.paths.html).toBe(join(archive.folder, "index.html"));
    expect(await verifyJournal(archive.path("journal.jsonl"))).toMatchObject({
      head: { hash: filed.head },
      end: { ending: { verdict: "fail", manifest: expect.stringMatching(/^[0-9a-f]{64}$/), problems: [] } },
    });
  });

  it("keeps its fail on a full disk, starts nothing more, and reports it once", async () => {
    using filing = new RunFiling(fullFrom(archive, "scenario.started"), never);
    filing.append({ kind: "run.started" });
    expect(filing.signal.aborted).toBe(false);
    filing.append({ kind: "scenario.started" });
    expect(filing.signal.aborted).toBe(true);
    filing.append({ kind: "scenario.started" });
    expect(await filing.file(failed)).toMatchObject({
      verdict: "fail",
      paths: NOTHING_WRITTEN,
      head: null,
      problems: ["Expected room for evidence, got ENOSPC. Free some space."],
    });
  });

  it("never passes without its evidence", async () => {
    using filing = new RunFiling(fullFrom(archive, "nothing"), never);
    const filed = await filing.file(async () => filedRun("pass"));
    expect(filed).toMatchObject({ verdict: "inconclusive", paths: NOTHING_WRITTEN });
  });

  it("files all else when its page cannot be written, and says in its journal that it is not whole", async () => {
    await mkdir(archive.path("index.html"));
    using filing = new RunFiling(archive, never);
    const filed = await filing.file(failed);
    expect(filed).toMatchObject({ verdict: "fail", paths: { html: null, json: archive.path("run.json") } });
    expect(filed.problems).toEqual([expect.stringContaining("index.html, got EISDIR")]);
    const lines = (await verifyRun(archive.folder, null)).map(({ line }) => line);
    expect(lines).toContainEqual(expect.stringMatching(/the evidence is not whole: .*index\.html/));
  });

  it("loses no verdict when its folder is removed", async () => {
    using filing = new RunFiling(archive, never);
    await rm(archive.folder, { recursive: true });
    await chmod(root, 0o500);
    const filed = await filing.file(failed);
    await chmod(root, 0o700);
    expect(filed.verdict).toBe("fail");
    expect(filed.problems).toContainEqual(expect.stringContaining("was removed or replaced"));
  });

  it("that breaks off before anything is known ends its journal with the reason and no verdict", async () => {
    using filing = new RunFiling(archive, never);
    const broken = filing.file(() => Promise.reject(new TypeError("no lab")));
    await expect(broken).rejects.toThrow("no lab");
    expect(await verifyJournal(archive.path("journal.jsonl"))).toMatchObject({
      lines: 2,
      end: { ending: { verdict: null, problems: [] } },
    });
    const findings = await verifyRun(archive.folder, null);
    expect(findings.map(({ line }) => line)).toContain(
      "journal: the run broke off before anything was judged",
    );
    expect(findings.some(({ verdict }) => verdict === "fail")).toBe(false);
  });

  it("that breaks off after its first results has their report, which verify finds unchanged", async () => {
    const run = filedRun("fail", [judgedScenario("one", "fail")]);
    using filing = new RunFiling<RunEvent>(archive, never);
    const broken = filing.file(() => {
      for (const event of eventsOf(run, ["one", "two"])) if (event.kind !== "run.ended") filing.append(event);
      return Promise.reject(new TypeError("the lab died"));
    });
    await expect(broken).rejects.toThrow("the lab died");
    expect(await verifyJournal(archive.path("journal.jsonl"))).toMatchObject({
      end: { ending: { verdict: "fail", problems: [] } },
    });
    expect((await verifyRun(archive.folder, null)).filter(({ verdict }) => verdict === "fail")).toEqual([]);
    const rebuilt = await rebuildRun(archive.folder);
    expect(rebuilt).toMatchObject({
      verdict: "fail",
      paths: { html: archive.path("index.html") },
      problems: [],
    });
    expect(await readFile(archive.path("index.html"), "utf8")).toContain("rebuilt from the journal");
  });

  it("that broke off before anything was known has no page to name", async () => {
    using filing = new RunFiling(archive, never);
    const broken = filing.file(() => Promise.reject(new TypeError("no lab")));
    await expect(broken).rejects.toThrow("no lab");
    await expect(rebuildRun(archive.folder)).rejects.toMatchObject({ code: "run-not-begun" });
  });
});
