import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileChanges, watchable } from "./watch-files.ts";

let folder = "";
let file = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-watch-"));
  file = join(folder, "mine.yml");
  await writeFile(file, "one");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const never = () => new AbortController().signal;

describe("a watched file", () => {
  it("changes when it is written, and when another is put in its place", async () => {
    using changes = new FileChanges([file]);
    const written = changes.next(never());
    await writeFile(file, "two");
    expect(await written).toBe(true);
    await writeFile(join(folder, "other"), "three");
    const replaced = changes.next(never());
    await rename(join(folder, "other"), file);
    expect(await replaced).toBe(true);
  });

  it("is no longer awaited when the command is interrupted", async () => {
    using changes = new FileChanges([file]);
    const end = new AbortController();
    const next = changes.next(end.signal);
    end.abort();
    expect(await next).toBe(false);
    expect(await changes.next(end.signal)).toBe(false);
  });

  it("is one among the selectors, whichever of its scenarios is selected", () => {
    expect(watchable([`${file}#slow`, "db-latency"])).toEqual([file]);
    expect(() => watchable(["db-latency"])).toThrow(/Expected the file of a scenario with --watch/);
  });
});
