import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chunksOf, digestFile, openRegularFile, readWholeFile } from "./open-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-open-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

describe("a file of a folder that others may have changed", () => {
  it("is read by its own name only: no link, pipe, folder or device", async () => {
    writeFileSync(at("file"), "x");
    symlinkSync(at("file"), at("link"));
    execFileSync("mkfifo", [at("pipe")]);
    const refusals = [
      [at("link"), "is a symbolic link, not a file"],
      [at("pipe"), "is no regular file"],
      [folder, "is a folder, not a file"],
      ["/dev/zero", "is no regular file"],
      [at("absent"), "is missing"],
    ] as const;
    for (const [path, message] of refusals) {
      await expect(openRegularFile(path), path).rejects.toMatchObject({ name: "UnreadableFile", message });
    }
    expect((await readWholeFile(at("file"), 1)).toString()).toBe("x");
  });

  it("is noticed to grow, to shrink or to be written to while it is read", async () => {
    for (const write of [
      () => appendFileSync(at("file"), "y"),
      () => truncateSync(at("file"), 1),
      () => writeFileSync(at("file"), "z".repeat(10)),
    ]) {
      writeFileSync(at("file"), "x".repeat(10));
      // Clocks of file systems are coarse: the write after this one may carry the same time.
      utimesSync(at("file"), 1, 1);
      await using file = await openRegularFile(at("file"));
      const reading = async () => {
        for await (const chunk of chunksOf(file)) {
          expect(chunk.length).toBe(10);
          write();
        }
      };
      await expect(reading()).rejects.toThrow("was written to while it was read");
    }
  });

  it("is not read into memory when it is larger than what was meant", async () => {
    writeFileSync(at("file"), "");
    truncateSync(at("file"), 2 ** 40);
    await expect(readWholeFile(at("file"), 2 ** 20)).rejects.toThrow(/has 1099511627776 bytes/);
  });

  it("has a digest, also when it is empty", async () => {
    writeFileSync(at("file"), "");
    expect(await digestFile(at("file"))).toEqual({
      bytes: 0,
      sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    });
  });
});
