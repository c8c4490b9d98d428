import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listFolder } from "./list-folder.ts";
import { escapeName, shownPath } from "./shown-path.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-list-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the list of a folder", () => {
  it("has all that is in it and in its folders, sorted, and follows no link", async () => {
    mkdirSync(join(folder, "logs/empty"), { recursive: true });
    writeFileSync(join(folder, "logs/a.log"), "a");
    symlinkSync(folder, join(folder, "again"));
    const { entries, isWhole } = await listFolder(folder);
    expect(isWhole).toBe(true);
    expect(entries.map(({ path, kind }) => `${path}: ${kind}`)).toEqual([
      "again: symbolic link",
      "logs: folder",
      "logs/a.log: file",
      "logs/empty: empty folder",
    ]);
  });

  it("goes down as far as folders go", async () => {
    const depth = 200;
    mkdirSync(join(folder, ...Array.from({ length: depth }, () => "d")), { recursive: true });
    expect((await listFolder(folder)).entries).toHaveLength(depth);
  });
});

describe("the name of a file", () => {
  it("is as it is when it can be seen, and quoted where it needs to be", () => {
    expect(shownPath(escapeName(Buffer.from("logs-1.log")))).toBe("logs-1.log");
    expect(shownPath(escapeName(Buffer.from("a günlük")))).toBe('"a günlük"');
  });

  it("writes no line of its own, and is different from every other", () => {
    const names = fc.tuple(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }));
    fc.assert(
      fc.property(names, ([one, other]) => {
        const [first, second] = [escapeName(Buffer.from(one)), escapeName(Buffer.from(other))];
        expect(first).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
        expect(first === second).toBe(Buffer.from(one).equals(Buffer.from(other)));
      }),
    );
  });
});
