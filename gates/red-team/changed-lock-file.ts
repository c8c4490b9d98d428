import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { DrillGround } from "../engine/mutant.ts";
import type { TargetParts } from "../engine/target.ts";

const execute = promisify(execFile);
const LOCK_FILE = "package-lock.json";
const AUTHOR = ["-c", "user.name=drill", "-c", "user.email=drill@localhost"];
const lockShape = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      dev: z.boolean().optional(),
      license: z.string().optional(),
      version: z.string().optional(),
    }),
  ),
});

/** What a lock file says of one package. */
type LockedPackage = z.infer<typeof lockShape>["packages"][string];

/** A copy of the repository in which the lock file says something else of a package that is shipped. */
export interface ChangedLockFile {
  /** Where the package is in the lock file. */
  readonly path: string;
  readonly repository: TargetParts["repository"];
}

/** Makes the copy, with the change committed: the repository itself is not touched. */
export async function changedLockFile(
  { target, directory, signal }: DrillGround,
  name: string,
  change: (shipped: LockedPackage) => void,
): Promise<ChangedLockFile> {
  const { repository } = target.parts;
  if (repository === null) throw new Error("there is no repository");
  const copy = join(directory, name);
  await execute("git", ["clone", "--quiet", "--shared", repository.directory, copy], { signal });
  const file = join(copy, LOCK_FILE);
  const lock = lockShape.parse(JSON.parse(await readFile(file, "utf8")));
  const shipped = Object.entries(lock.packages).find(([path, { dev }]) => path !== "" && dev !== true);
  if (shipped === undefined) throw new Error(`no package of ${LOCK_FILE} is shipped`);
  const [path, found] = shipped;
  change(found);
  await writeFile(file, JSON.stringify(lock));
  await execute("git", [...AUTHOR, "commit", "--quiet", "--all", "--message", "Update a package"], {
    cwd: copy,
    signal,
  });
  return { path, repository: { ...repository, directory: copy } };
}
