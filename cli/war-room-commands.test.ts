import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;
let kanit: CommandLine;
let archive: readonly string[];
beforeAll(async () => {
  kanit = await openCommandLine();
  archive = ["--archive", join(kanit.temporaryDirectory, "out")];
});
afterAll(() => kanit[Symbol.asyncDispose]());

const run = (...words: readonly string[]) => kanit.run([...words, ...archive]);

describe("kanit note", { timeout: PATIENCE_MS }, () => {
  it("has one commander, and notes a signal when it changes", async () => {
    expect((await run("note", "v1", "--take-command", "--by", "mara")).exitCode).toBe(0);
    const other = await run("note", "v1", "--take-command", "--by", "ali");
    expect(other.exitCode).toBe(77);
    expect(other.stderr).toMatch(/^kanit: Expected .* but mara commands\. mara hands over: kanit note/);
    await run("note", "v1", "240", "ms", "--signal", "p95", "--by", "ali");
    const again = await run("note", "v1", "240 ms", "--signal", "p95", "--by", "deniz");
    expect(again.stdout).toMatch(/^not noted: p95 is unchanged since /);
    const { stdout } = await run("note", "v1");
    expect(stdout.replaceAll(/^\S+Z {2}/gm, "")).toBe(
      "mara          takes command\nali           signal p95: 240 ms\nmara commands\n",
    );
  });
});

describe("kanit freeze", { timeout: PATIENCE_MS }, () => {
  it("holds for one release until the one who commands lifts it", async () => {
    expect((await run("freeze", "start", "v1", "--by", "mara")).exitCode).toBe(0);
    expect((await run("freeze", "start", "v2", "--by", "mara")).exitCode).toBe(77);
    expect((await run("freeze", "lift", "v1", "--by", "ali")).exitCode).toBe(77);
    expect((await run("freeze", "check")).exitCode).toBe(1);
    expect((await run("freeze", "lift", "v1", "--by", "mara")).exitCode).toBe(0);
  });
});

describe("kanit run-of-show", { timeout: PATIENCE_MS }, () => {
  it("runs each step as a command of its own, files how it went, and is held where one does not pass", async () => {
    const file = join(kanit.temporaryDirectory, "release.yml");
    await writeFile(file, "url: http://127.0.0.1:9\n");
    const zero = ["--zero", "2020-01-01T00:00:00Z", "--commander", "mara"];
    const words = ["run-of-show", "v3", "--release-file", file, "--until", "kill-switch", ...zero];
    const { exitCode, stdout } = await run(...words);
    expect(exitCode).not.toBe(0);
    expect(stdout).toMatch(/^T-30 {5}pass +freeze +commander .* late {2}\S*kanit freeze start v3$/m);
    expect(stdout).toMatch(/^T-20 {5}pass +war-room /m);
    expect(stdout).toMatch(/^HELD: old-code: \w+\. The freeze holds\./m);
    expect(stdout).not.toMatch(/^T-16/m);
    const data = join(kanit.temporaryDirectory, "out", "v3", "data");
    const text = await readFile(join(data, "run_of_show_v3.txt"), "utf8");
    expect(text).toMatch(/^T-16 {5}not begun +kill-switch /m);
    expect(await readFile(join(data, "war_room_v3.txt"), "utf8")).toMatch(/signal old-code: \w+/);
    const freeze = await readFile(join(kanit.temporaryDirectory, "out", "freeze.json"), "utf8");
    expect(freeze).toContain('"release":"v3"');
  });
});
