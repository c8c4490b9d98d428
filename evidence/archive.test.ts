import { execFileSync } from "node:child_process";
import {
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
import { SecretRegistry } from "../core/index.ts";
import { createArchive } from "./archive.ts";
import { verifyJournal } from "./journal-verification.ts";
import { verifyArchive } from "./manifest.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-archive-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const clock = { nowMs: () => Date.UTC(2025, 7, 1) };
const newArchive = () =>
  createArchive({
    root: join(root, "out"),
    runId: "run-1",
    clock,
    secrets: SecretRegistry.of("hunter2-secret"),
  });

describe("the archive", () => {
  it("files texts and JSON in the run's own folder, and leaves no temporary file", async () => {
    const archive = await newArchive();
    const path = await archive.writeText("logs/platform.log", "started\n");
    await archive.writeJson("run.json", { a: 1 });
    expect(path).toBe(join(root, "out", "run-1", "logs", "platform.log"));
    expect(readFileSync(path, "utf8")).toBe("started\n");
    expect(JSON.parse(readFileSync(archive.path("run.json"), "utf8"))).toEqual({ a: 1 });
    expect(readdirSync(archive.folder, { recursive: true }).sort()).toEqual([
      "logs",
      "logs/platform.log",
      "run.json",
    ]);
  });

  it("replaces a file as a whole", async () => {
    const archive = await newArchive();
    await archive.writeText("run.json", "a much longer first version");
    await archive.writeText("run.json", "second");
    expect(readFileSync(archive.path("run.json"), "utf8")).toBe("second");
  });

  it("redacts what it files", async () => {
    const archive = await newArchive();
    const path = await archive.writeJson("run.json", { url: "?k=hunter2-secret", password: "abc" });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ url: "?k=[redacted]", password: "[redacted]" });
  });

  it("never lets a name lead out of the folder", async () => {
    const archive = await newArchive();
    for (const name of ["../other/run.json", "/etc/passwd", "logs/../../x", "..", ".", ""]) {
      expect(() => archive.path(name), name).toThrow(
        expect.objectContaining({ code: "path-outside-archive" }),
      );
      await expect(archive.writeText(name, "")).rejects.toMatchObject({ exitCode: 77 });
    }
    expect(archive.path("logs/../run.json")).toBe(join(archive.folder, "run.json"));
  });

  it("never overwrites an earlier run, and refuses an id that is no folder's name", async () => {
    await newArchive();
    await expect(newArchive()).rejects.toMatchObject({ code: "run-exists" });
    for (const runId of ["", "..", "a/b", ".hidden"]) {
      await expect(createArchive({ root, runId, clock, secrets: SecretRegistry.of() })).rejects.toMatchObject(
        {
          code: "bad-run-id",
        },
      );
    }
  });

  it("says what could not be written", async () => {
    const archive = await newArchive();
    await archive.writeText("logs", "a file where a folder is wanted");
    await expect(archive.writeText("logs/x.log", "")).rejects.toMatchObject({ code: "evidence-not-written" });
  });

  it("starts the journal of its run", async () => {
    const archive = await newArchive();
    archive.startJournal().close();
    expect(await verifyJournal(archive.path("journal.jsonl"))).toMatchObject({
      kind: "intact",
      closed: true,
    });
  });
});

describe("the manifest", () => {
  it("lists every file with its hash, and proves that nothing was touched", async () => {
    const archive = await newArchive();
    await archive.writeText("logs/b.log", "b");
    await archive.writeText("a.txt", "");
    const { files } = await archive.writeManifest();
    expect(files).toEqual([
      { path: "a.txt", bytes: 0, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
      {
        path: "logs/b.log",
        bytes: 1,
        sha256: "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
      },
    ]);
    expect(await verifyArchive(archive.folder)).toMatchObject({ intact: true });
  });

  it("names what was changed, removed and added", async () => {
    const archive = await newArchive();
    for (const name of ["changed.txt", "missing.txt", "kept.txt"]) await archive.writeText(name, name);
    await archive.writeManifest();
    writeFileSync(archive.path("changed.txt"), "CHANGED.TXT");
    rmSync(archive.path("missing.txt"));
    writeFileSync(archive.path("added.txt"), "");
    const verification = await verifyArchive(archive.folder);
    expect(verification).toMatchObject({ intact: false, missing: ["missing.txt"], unlisted: ["added.txt"] });
    expect(verification.changed.map(({ path }) => path)).toEqual(["changed.txt"]);
  });

  it("names links, pipes, empty folders and hidden files that were added", async () => {
    const archive = await newArchive();
    await archive.writeText("a.txt", "a");
    mkdirSync(archive.path("empty-from-the-start"));
    await archive.writeManifest();
    expect(await verifyArchive(archive.folder)).toMatchObject({ intact: true });
    symlinkSync("/etc/passwd", archive.path("link"));
    execFileSync("mkfifo", [archive.path("pipe")]);
    mkdirSync(archive.path("logs/added"), { recursive: true });
    writeFileSync(archive.path(".x.tmp"), "x");
    const { intact, unlisted } = await verifyArchive(archive.folder);
    expect(intact).toBe(false);
    expect(unlisted).toEqual([".x.tmp", "link (symbolic link)", "logs/added (empty folder)", "pipe (pipe)"]);
  });

  it("says that a run without a manifest did not end", async () => {
    const archive = await newArchive();
    await expect(verifyArchive(archive.folder)).rejects.toMatchObject({ code: "manifest-unreadable" });
  });
});
