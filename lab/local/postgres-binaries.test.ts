import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeTestDirectory, removeTestDirectory } from "../testing/test-directory.ts";
import { findPostgres, whereTheyRun } from "./postgres-binaries.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

const execute = promisify(execFile);
const SOMEBODY_ELSE: UserIdentity = { kind: "other", uid: 65_534, gid: 65_534 };

let directory = "";
let native = "";
let copy = "";
let lab = "";
beforeEach(async () => {
  directory = await makeTestDirectory();
  native = join(directory, "home", "kanit", "native");
  copy = join(directory, "cache-postgres");
  lab = join(directory, "lab");
  await mkdir(join(native, "bin"), { recursive: true });
  await mkdir(lab);
  await writeFile(join(native, "bin", "postgres"), "#!/bin/sh\necho a postgres\n");
  await chmod(join(native, "bin", "postgres"), 0o755);
  await symlink("postgres", join(native, "bin", "postmaster"));
});
afterEach(async () => {
  await removeTestDirectory(directory);
});

const closeHome = () => chmod(join(directory, "home"), 0o700);
const whereFor = (user: UserIdentity) => whereTheyRun(user, native, copy, lab);

describe("Postgres's programs", () => {
  it("are found in the npm package, and run", async () => {
    const binaries = await findPostgres({ kind: "same" }, directory, lab);
    const { stdout } = await execute(binaries.postgres, ["--version"]);
    expect(stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(binaries.version).toMatch(/^18\./);
    expect((await stat(binaries.initdb)).isFile()).toBe(true);
  });

  it("stay in place for the user who runs kanit", async () => {
    await closeHome();
    expect(await whereFor({ kind: "same" })).toBe(native);
  });

  it("stay in place when another user may enter the folder", async () => {
    expect(await whereFor(SOMEBODY_ELSE)).toBe(native);
  });

  it("are copied when a folder above them is closed to the other user", async () => {
    await closeHome();
    expect(await whereFor(SOMEBODY_ELSE)).toBe(copy);
    expect(await readFile(join(copy, "bin", "postmaster"), "utf8")).toContain("a postgres");
    expect((await stat(join(copy, "bin", "postgres"))).mode & 0o777).toBe(0o755);
    await expect(stat(join(lab, "postgres-programs"))).rejects.toThrow(/ENOENT/);
  });

  it("are copied once", async () => {
    await closeHome();
    await whereFor(SOMEBODY_ELSE);
    await writeFile(join(native, "bin", "postgres"), "something newer under the same version");
    await whereFor(SOMEBODY_ELSE);
    expect(await readFile(join(copy, "bin", "postgres"), "utf8")).toContain("a postgres");
  });

  it("are copied, with their links, when the package's install script did not run", async () => {
    await rm(join(native, "bin", "postmaster"));
    const links = [{ source: "native/bin/postgres", target: "native/bin/postmaster" }];
    await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
    expect(await whereFor({ kind: "same" })).toBe(copy);
    expect(await readlink(join(copy, "bin", "postmaster"))).toBe("postgres");
    expect(await readFile(join(copy, "bin", "postmaster"), "utf8")).toContain("a postgres");
    await expect(stat(join(native, "bin", "postmaster"))).rejects.toThrow(/ENOENT/);
  });

  it("stay in place when every link that the package lists exists", async () => {
    const links = [{ source: "native/bin/postgres", target: "native/bin/postmaster" }];
    await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
    expect(await whereFor({ kind: "same" })).toBe(native);
  });

  it("can be copied by two labs at once", async () => {
    await closeHome();
    const other = join(directory, "other-lab");
    await mkdir(other);
    const both = await Promise.all([
      whereFor(SOMEBODY_ELSE),
      whereTheyRun(SOMEBODY_ELSE, native, copy, other),
    ]);
    expect(both).toEqual([copy, copy]);
    expect((await stat(join(copy, "bin", "postgres"))).isFile()).toBe(true);
  });
});
