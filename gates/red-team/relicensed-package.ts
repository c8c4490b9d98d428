import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Mutant } from "../engine/mutant.ts";

const execute = promisify(execFile);
const LOCK_FILE = "package-lock.json";
const LICENSE = "AGPL-3.0-only";
const lockShape = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().optional(), license: z.string().optional() }),
  ),
});

/** An update of a package comes with another license. */
export const relicensedPackage: Mutant = {
  what: `In a copy of the repository, a package of ${LOCK_FILE} has the license ${LICENSE}.`,
  apply: async ({ target, directory, signal }) => {
    const { repository } = target.parts;
    if (repository === null) throw new Error("there is no repository");
    const copy = join(directory, "relicensed");
    // A clone: the repository itself is not touched.
    await execute("git", ["clone", "--quiet", "--shared", repository.directory, copy], { signal });
    const file = join(copy, LOCK_FILE);
    const lock = lockShape.parse(JSON.parse(await readFile(file, "utf8")));
    const shipped = Object.entries(lock.packages).find(([path, { dev }]) => path !== "" && dev !== true);
    if (shipped === undefined) throw new Error(`no package of ${LOCK_FILE} is shipped`);
    const [path, found] = shipped;
    const before = found.license ?? "none";
    found.license = LICENSE;
    await writeFile(file, JSON.stringify(lock));
    return {
      effect: `${path}: ${LICENSE}, before ${before}`,
      parts: { repository: { ...repository, directory: copy } },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
