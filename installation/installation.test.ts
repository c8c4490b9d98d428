import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importOptional } from "./import-optional.ts";
import { INSTALLATION, installationOf, outDirectory } from "./installation.ts";
import { ownModule } from "./own-module.ts";
import { readRelease } from "./read-release.ts";

const CHECKOUT = installationOf("file:///home/mara/kanit/installation/installation.ts");
const PACKAGE = installationOf("file:///home/mara/shop/node_modules/kanit/dist/installation/installation.js");

describe("the installation", () => {
  it("is a checkout while its modules are TypeScript", () => {
    expect(CHECKOUT).toEqual({ kind: "checkout", directory: "/home/mara/kanit/", command: "./kanit" });
    expect(INSTALLATION.kind).toBe("checkout");
  });

  it("is a package when they are compiled", () => {
    expect(PACKAGE).toEqual({
      kind: "package",
      directory: "/home/mara/shop/node_modules/kanit/dist/",
      command: "npx kanit",
    });
  });

  it("files runs in the checkout, and for a package's user in the current folder", () => {
    expect(outDirectory(CHECKOUT, "/home/mara/shop")).toBe("/home/mara/kanit/reports/out");
    expect(outDirectory(PACKAGE, "/home/mara/shop")).toBe("/home/mara/shop/kanit-out");
  });
});

describe("a module of kanit's own", () => {
  it("is found beside the module that names it, as TypeScript or compiled", () => {
    expect(ownModule("./worker/main.ts", "file:///kanit/load/start-load.ts").pathname).toBe(
      "/kanit/load/worker/main.ts",
    );
    expect(ownModule("./worker/main.ts", "file:///kanit/dist/load/start-load.js").pathname).toBe(
      "/kanit/dist/load/worker/main.js",
    );
  });
});

describe("the release", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kanit-release-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("of a package is the one in its manifest", async () => {
    await writeFile(join(folder, "package.json"), JSON.stringify({ version: "1.2.3", commit: "0123abc" }));
    expect(await readRelease({ ...PACKAGE, directory: folder })).toEqual({
      version: "1.2.3",
      commit: "0123abc",
    });
  });

  it("of a copy without history is not the commit of the repository in which the copy lies", async () => {
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=m", "-c", "user.email=m@localhost", ...words], { cwd: folder });
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "--message", "Somebody's own work");
    const copy = join(folder, "vendor", "kanit");
    await mkdir(copy, { recursive: true });
    await writeFile(join(copy, "package.json"), JSON.stringify({ version: "1.2.3" }));
    expect(await readRelease({ ...CHECKOUT, directory: copy })).toEqual({
      version: "1.2.3",
      commit: "unknown",
    });
  });
});

describe("an optional package", () => {
  const needed = { packages: ["kanit-no-such-package"], neededFor: "kanit nothing" };

  it("that is missing is reported with what needs it", async () => {
    const load = () => import(needed.packages[0] ?? "");
    await expect(importOptional(needed, load)).rejects.toMatchObject({
      code: "package-missing",
      exitCode: 69,
      message:
        "Expected the npm package kanit-no-such-package, which kanit nothing needs, but it is not installed.",
    });
  });

  it("whose own import fails is not reported as missing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kanit-optional-"));
    try {
      const module = join(folder, "broken.mjs");
      await writeFile(module, 'import "another-package-that-is-not-there";\n');
      const load = () => import(pathToFileURL(module).href);
      await expect(importOptional(needed, load)).rejects.toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("that is installed is returned", async () => {
    const { z } = await importOptional({ packages: ["zod"], neededFor: "a test" }, () => import("zod"));
    expect(z.string().parse("here")).toBe("here");
  });
});
