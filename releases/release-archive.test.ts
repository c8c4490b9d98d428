import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeVerdicts, SecretRegistry } from "../core/index.ts";
import { filesAfter } from "./current-files.ts";
import { fileRun } from "./file-folder.ts";
import { GateFiling } from "./gate-filing.ts";
import { fileForRelease } from "./release-archive.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { sealArchive } from "./seal-archive.ts";
import {
  fileBefore,
  fileNamed,
  NOW_MS,
  personOf,
  releasesIn,
  seal,
  trusting,
} from "./testing/sealed-release.ts";
import { verifyRelease } from "./verify-release.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-filing-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mara = personOf("mara");
const out = () => releasesIn(join(root, "out"));
const file = (...files: Parameters<typeof fileForRelease>[2]["files"]) =>
  fileForRelease(out(), "v1.4.0", { command: "kanit", commit: null, target: null, files });
const verify = async (folder: string) => {
  const keys = await trusting(join(root, "keys"), [mara]);
  const findings = await verifyRelease({
    ...{ folder, release: "v1.4.0", keys, expectedHead: null },
    clock: { nowMs: () => NOW_MS },
  });
  return {
    fails: findings.filter(({ verdict }) => verdict === "fail").map(({ line }) => line),
    open: findings.filter(({ code }) => code === "interrupted").map(({ line }) => line),
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
  };
};
const textOf = (folder: string, path: string) => readFileSync(join(folder, "data", path), "utf8");

describe("filing for a release", () => {
  it("has no secret anywhere, of a text, a target, or a command that made all or one of its files", async () => {
    const url = "http://mara:hunter2-secret@127.0.0.1:9";
    const one = { ...fileNamed("preflight.txt", `probed ${url}\n`), command: `kanit blast ${url} v1 1` };
    const filing = { command: `kanit preflight ${url}`, commit: null, target: url, files: [one] };
    const { folder } = await fileForRelease(out(), "v1.4.0", filing);
    const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => text.includes("hunter2-secret"))).toEqual([]);
  });

  it("keeps what is filed again before the seal, and never what was a secret", async () => {
    await file(fileNamed("preflight.txt", "first hunter2-secret\n"));
    const { folder } = await file(fileNamed("preflight.txt", "second\n"));
    expect(textOf(folder, "preflight.txt")).toBe("second\n");
    expect(textOf(folder, "superseded/1/preflight.txt")).toMatch(/^first (?!hunter2)/);
    expect((await verify(folder)).fails).toEqual([]);
  });

  it("begins another archive for what is sealed, and goes on in this one with what is not", async () => {
    const folder = await fileBefore(out(), "v1.4.0");
    await seal(out(), "v1.4.0", mara);
    expect((await file(fileNamed("rollout_stage_1.txt"))).folder).toBe(folder);
    expect((await file(fileNamed("preflight.txt", "again\n"))).folder).toBe(`${folder}@2`);
    expect(textOf(folder, "preflight.txt")).toBe("preflight.txt\n");
  });

  it("refuses what would leave the archive, or could not be read by every program", async () => {
    for (const path of ["../x", "/etc/x", "a/../../x", "a\nb", "", ".", "superseded/1/x", "a//b"]) {
      await expect(file(fileNamed(path)), path).rejects.toMatchObject({
        code: "path-outside-archive",
        exitCode: 77,
      });
    }
    await expect(file(fileNamed("a"), fileNamed("a"))).rejects.toMatchObject({ code: "nothing-to-file" });
  });

  it("gives each of those who file at once a line of its own", async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        file(fileNamed(`summary_stage_${index}.txt`), fileNamed("preflight.txt", `${index}`)),
      ),
    );
    const [{ folder } = { folder: "" }] = made;
    const { filings, findings } = await readReleaseJournal(folder);
    expect(findings).toEqual([]);
    expect(filings.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // All eight are there: seven of them as superseded.
    const texts = [...filesAfter(filings, 99).keys()]
      .filter((path) => path.endsWith("preflight.txt"))
      .map((path) => textOf(folder, path));
    expect(texts.sort()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    expect((await verify(folder)).fails).toEqual([]);
  });

  it("takes a run's folder as it is, and none with a link in it", async () => {
    const run = join(root, "20250801-nightly-7");
    mkdirSync(join(run, "logs"), { recursive: true });
    writeFileSync(join(run, "run.json"), "{}\n");
    writeFileSync(join(run, "logs", "platform.log"), "");
    const filing = {
      folder: run,
      kind: "run",
      command: "kanit run",
      commit: null,
      target: "spark",
      atMs: NOW_MS,
    };
    const { folder } = await fileRun(out(), "v1.4.0", filing);
    expect(textOf(folder, "runs/20250801-nightly-7/run.json")).toBe("{}\n");
    symlinkSync("/etc/hostname", join(run, "logs", "link"));
    await expect(fileRun(out(), "v1.4.0", filing)).rejects.toMatchObject({ code: "evidence-unreadable" });
  });

  it("takes all of a gate's files at its end, and leaves them readable when it is killed", async () => {
    const options = { ...out(), secrets: SecretRegistry.of("hunter2-secret") };
    const subject = {
      release: "v1.4.0",
      gate: "preflight",
      commit: null,
      target: "lab",
      command: "kanit preflight",
    };
    const gate = await GateFiling.open(options, subject);
    const text = { kind: "gate.preflight", command: "kanit preflight" };
    await gate.file({ name: "preflight.txt", text: "GO\n", ...text });
    await gate.file({ name: "index.html", text: "<p>", ...text });
    expect(readFileSync(join(gate.folder, "preflight.txt"), "utf8")).toBe("GO\n");
    await gate.end({ verdict: "pass", problems: [] });
    expect(readdirSync(gate.folder).sort()).toEqual([
      "index.html",
      "journal.jsonl",
      "manifest.json",
      "preflight.txt",
    ]);
    expect(textOf(join(root, "out", "v1.4.0"), "preflight.txt")).toBe("GO\n");
    expect(readdirSync(join(root, "out", ".unfinished"))).toEqual([]);
  });
});

describe("a crash while filing", () => {
  /** The state of an archive in which a command was killed after a filing was in the journal. */
  async function interrupted() {
    await file(fileNamed("preflight.txt", "first\n"));
    const { folder, entry } = await file(
      fileNamed("preflight.txt", "second\n"),
      fileNamed("artifact_count.txt"),
    );
    const data = join(folder, "data");
    mkdirSync(join(folder, entry.staging));
    cpSync(join(data, "preflight.txt"), join(folder, entry.staging, "preflight.txt"));
    cpSync(join(data, "artifact_count.txt"), join(folder, entry.staging, "artifact_count.txt"));
    cpSync(join(data, "superseded/1/preflight.txt"), join(data, "preflight.txt"));
    rmSync(join(data, "superseded"), { recursive: true });
    rmSync(join(data, "artifact_count.txt"));
    return { folder, entry };
  }

  it("is seen, is no proof of a change, and is ended by the next command", async () => {
    const { folder, entry } = await interrupted();
    expect((await verify(folder)).open).toEqual([expect.stringContaining("filing 2 was interrupted")]);
    await file(fileNamed("rollback_dryrun.txt"));
    expect(textOf(folder, "preflight.txt")).toBe("second\n");
    expect(textOf(folder, "superseded/1/preflight.txt")).toBe("first\n");
    expect(existsSync(join(folder, entry.staging))).toBe(false);
    expect((await verify(folder)).fails).toEqual([]);
  });

  it("before the filing was in the journal changes nothing", async () => {
    const { folder } = await file(fileNamed("preflight.txt"));
    mkdirSync(join(folder, ".filing-00000000-0000-0000-0000-000000000000"));
    expect((await verify(folder)).fails).toEqual([]);
    await file(fileNamed("artifact_count.txt"));
    expect((await verify(folder)).fails).toEqual([]);
  });
});

describe("a crash at each step of sealing", { timeout: 60_000 }, () => {
  /** What sealing writes, in its order; the last of them is what seals. */
  const STEPS = [
    "bag-info.txt",
    "manifest-sha256.txt",
    "seals/0002.manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "seals/0002.sigstore.json",
    "journal/000004.json",
  ];

  it("leaves the archive sealed or not, never half, and sealing again seals it", async () => {
    const folder = await fileBefore(out(), "v1.4.0");
    await seal(out(), "v1.4.0", mara);
    await file(fileNamed("rollout_stage_1.txt"));
    const before = join(root, "before", "v1.4.0");
    cpSync(folder, before, { recursive: true });
    await seal(out(), "v1.4.0", mara);
    for (const [index, step] of STEPS.entries()) {
      const crashed = join(root, String(index), "v1.4.0");
      cpSync(before, crashed, { recursive: true });
      for (const each of STEPS.slice(0, index + 1)) cpSync(join(folder, each), join(crashed, each));
      const isSealed = index === STEPS.length - 1;
      const { seals } = await readReleaseJournal(crashed);
      expect(seals, step).toHaveLength(isSealed ? 2 : 1);
      const { verdict } = await verify(crashed);
      expect(verdict, step).not.toBe("pass");
      if (isSealed) continue;
      const options = releasesIn(join(root, String(index)));
      await sealArchive({
        ...{ folder: crashed, release: "v1.4.0", stage: "before" },
        signer: mara.signer,
        clock: options.clock,
      });
      expect(await verify(crashed), step).toMatchObject({ fails: [], open: [] });
    }
  });

  it("and what was changed is not sealed", async () => {
    const folder = await fileBefore(out(), "v1.4.0");
    writeFileSync(join(folder, "data", "preflight.txt"), "GO\n");
    await expect(seal(out(), "v1.4.0", mara)).rejects.toMatchObject({ code: "evidence-changed" });
    expect((await readReleaseJournal(folder)).seals).toEqual([]);
  });
});
