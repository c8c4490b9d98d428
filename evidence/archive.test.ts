import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { createArchive } from "./archive.ts";
import { verifyJournal } from "./journal-verification.ts";

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

  it("never writes outside the folder, whatever the name", async () => {
    const archive = await newArchive();
    for (const name of ["../other/run.json", "/etc/passwd", "logs/../../x", "..", ".", ""]) {
      expect(() => archive.path(name), name).toThrow(
        expect.objectContaining({ code: "path-outside-archive" }),
      );
      await expect(archive.writeText(name, "")).rejects.toMatchObject({ exitCode: 77 });
    }
    expect(archive.path("logs/../run.json")).toBe(join(archive.folder, "run.json"));
  });

  it("never overwrites an earlier run, and refuses an id that is not a folder name", async () => {
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

  it("reports what could not be written", async () => {
    const archive = await newArchive();
    await archive.writeText("logs", "a file where a folder is wanted");
    await expect(archive.writeText("logs/x.log", "")).rejects.toMatchObject({ code: "evidence-not-written" });
  });

  it("starts the journal of its run", async () => {
    const archive = await newArchive();
    archive.startJournal().close();
    expect(await verifyJournal(archive.path("journal.jsonl"))).toMatchObject({
      kind: "intact",
      end: { kind: "open" },
    });
  });

  it("is for the user who ran kanit, and for nobody else", async () => {
    const archive = await newArchive();
    await archive.writeText("logs/platform.log", "x");
    archive.startJournal().close();
    await archive.writeManifest();
    const modes = ["", "logs", "logs/platform.log", "journal.jsonl", "manifest.json"].map((name) =>
      (lstatSync(join(archive.folder, name)).mode & 0o7777).toString(8),
    );
    expect(modes).toEqual(["700", "700", "600", "600", "600"]);
  });
});
