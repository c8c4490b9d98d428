import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;
let kanit: CommandLine;
let words: readonly string[];
let data: string;
beforeAll(async () => {
  kanit = await openCommandLine();
  const file = join(kanit.temporaryDirectory, "release.yml");
  // Nothing answers there: each hour fails by its health, and has a log.
  await writeFile(file, "url: http://127.0.0.1:9\n");
  const archive = join(kanit.temporaryDirectory, "out");
  data = join(archive, "v1", "data");
  // An hour is one and a half seconds, and is missed where it is checked more than a quarter of that late.
  words = ["first-night", "v1", "--release-file", file, "--archive", archive, "--time-scale", "2400"];
});
afterAll(() => kanit[Symbol.asyncDispose]());

const logs = async () => (await readdir(data)).filter((name) => name.startsWith("hourly_log_")).sort();

describe("kanit first-night", { timeout: PATIENCE_MS }, () => {
  it("is kept by one process at a time, and goes on after a SIGKILL with the hours that are left", async () => {
    const first = kanit.start(words);
    await first.until(/^fail {9}hour \d\d {2}health: no answer/m);
    const second = await kanit.run(words);
    expect(second.exitCode).toBe(64);
    expect(second.stderr).toMatch(
      /^kanit: Expected that nobody else keeps first-night-v1, but process \d+ does\./,
    );
    first.process.kill("SIGKILL");
    await first.ended;
    const before = await logs();
    const next = kanit.start(words);
    await next.until(/^goes on with the first night of v1/m);
    const [, hour = ""] = await next.until(/^fail {9}hour (\d\d) {2}health: no answer/m);
    next.process.kill("SIGINT");
    expect((await next.ended).exitCode).toBe(1);
    expect(before).not.toContain(`hourly_log_${hour}.txt`);
    expect(await logs()).toEqual(expect.arrayContaining([...before, `hourly_log_${hour}.txt`]));
    const log = await readFile(join(data, `hourly_log_${hour}.txt`), "utf8");
    expect(log).toContain("a rehearsal, 2400 times as fast as the wall clock");
    expect(log).toMatch(new RegExp(`^previous {2}${before.at(-1)} sha256:[0-9a-f]{64}$`, "m"));
  });

  it("refuses to go on with a rehearsal as with a night", async () => {
    const { exitCode, stderr } = await kanit.run(words.slice(0, -2));
    expect(exitCode).toBe(64);
    expect(stderr).toContain("kanit: Expected time scale 2400, as the night of v1");
  });
});
