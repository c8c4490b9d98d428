import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine, type RunningCommand } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;
const RUNBOOK = new URL("../docs/release/DATABASE_RESTORE_RUNBOOK.md", import.meta.url);

/** The command lines of a document, in its order. */
function commandsOf(document: string): readonly string[] {
  return [...document.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
}

describe("the runbook of a restore", { timeout: PATIENCE_MS }, () => {
  let kanit: CommandLine;
  let lab: RunningCommand;
  let folder = "";
  let archive = "";
  const said: { readonly command: string; readonly exitCode: number | null; readonly text: string }[] = [];

  beforeAll(async () => {
    kanit = await openCommandLine();
    folder = join(kanit.temporaryDirectory, "work");
    await mkdir(folder, { mode: 0o755 });
    lab = kanit.start(["up"]);
    await lab.until(/ready/);
    for (const command of commandsOf(await readFile(RUNBOOK, "utf8"))) await type(command);
  }, PATIENCE_MS);
  afterAll(async () => {
    await kanit[Symbol.asyncDispose]();
  });

  /** Runs a line of the runbook, with its folders in the test's own. */
  async function type(command: string): Promise<void> {
    const [program, ...words] = command.split(" ");
    expect(program).toBe("kanit");
    const args = words.map((word) =>
      word === '"$ARCHIVE"' ? archive : /^(?:backups\/|restored-)/.test(word) ? join(folder, word) : word,
    );
    const { exitCode, stdout, stderr } = await kanit.run(args);
    archive = /archived in (\S+),/.exec(stdout)?.[1] ?? archive;
    said.push({ command, exitCode, text: stdout + stderr });
  }

  const saidOf = (start: string) => said.find(({ command }) => command.startsWith(`kanit database ${start}`));

  it("has commands that all succeed, in its order", () => {
    expect(said.map(({ exitCode, text }) => (exitCode === 0 ? 0 : text))).toEqual(said.map(() => 0));
    expect(said.map(({ command }) => command.split(" ")[2])).toEqual([
      "backup",
      "point",
      "range",
      "restore",
      "drill",
    ]);
  });

  it("shows what can be restored", () => {
    expect(saidOf("range")?.text).toMatch(/^\S+Z \(\S+\) to \S+.*; behind it, \S+ is not in the archive$/m);
    expect(saidOf("range")?.text).toContain('restore point "before-the-migration"');
  });

  it("proves what was restored, and leaves its data", async () => {
    const text = saidOf("restore")?.text ?? "";
    expect(text).toContain("✓ end of the recovery: 1 examined, 0 wrong");
    expect(text).toMatch(/✓ indexes: [1-9]\d* examined, 0 wrong/);
    expect(text).toMatch(/PASS\s*$/);
    expect(await readdir(join(folder, "restored-point"))).toContain("PG_VERSION");
  });

  it("drills with orders of clients", () => {
    expect(saidOf("drill")?.text).toMatch(/[1-9]\d* orders answered before the moment/);
    expect(saidOf("drill")?.text).toContain("PASS  2 restores, seed 1");
  });

  it("refuses in one line what cannot be restored, and what is no backup", async () => {
    const backup = join(folder, "backups/monday");
    const early = await kanit.run([
      "database",
      "restore",
      backup,
      archive,
      join(folder, "early"),
      "--at",
      "2020-01-01T00:00:00Z",
    ]);
    expect(early.exitCode).toBe(77);
    expect(early.stderr).toMatch(
      /^kanit: Expected a moment that .* got 2020-01-01T00:00:00.000000Z: .*What can be restored: .*\n$/,
    );
    const none = await kanit.run(["database", "range", folder, archive]);
    expect(none.exitCode).toBe(64);
    expect(none.stderr).toMatch(/^kanit: Expected a folder that `kanit database backup` has made.*\n$/);
    const both = await kanit.run([
      "database",
      "restore",
      backup,
      archive,
      join(folder, "both"),
      "--point",
      "a",
      "--lsn",
      "0/1",
    ]);
    expect(both).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/^kanit: Expected one moment.*\n$/),
    });
    const release = join(folder, "release.yml");
    await writeFile(release, "url: http://127.0.0.1:1\n");
    const drill = await kanit.run(["database", "drill", "--release-file", release]);
    expect(drill).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/^kanit: Expected .* but it has no section recovery\..*\n$/),
    });
    await rm(join(archive), { recursive: true });
    const gone = await kanit.run(["database", "range", backup, archive]);
    expect(gone).toMatchObject({ exitCode: 69, stderr: expect.stringMatching(/^kanit: .*\n$/) });
  });
});
