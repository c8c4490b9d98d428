import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UnavailableError } from "../../core/index.ts";
import type { PlatformDefinition } from "../platform-definition.ts";
import { LabProcesses } from "./lab-processes.ts";
import { administer, DATABASE, startPostgres, TEMPLATE_DATABASE } from "./postgres.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

const execute = promisify(execFile);

// Raised when what is done to a data directory below changes.
const LAYOUT = 1;
const UNUSED_LIMIT_MS = 7 * 24 * 3_600_000;

export interface DataDirectoryOptions {
  readonly binaries: PostgresBinaries;
  readonly user: UserIdentity;
  readonly cacheDirectory: string;
  readonly definition: PlatformDefinition;
  readonly logDirectory: string;
  readonly findPort: () => Promise<number>;
}

/**
 * Copies an initialised, migrated data directory to `target`. The original is made once for each version of
 * Postgres and of the platform's migrations, and kept: initialising takes seconds, copying a fraction of one.
 *
 * @throws UnavailableError `database-not-initialised` when Postgres or the migrations fail.
 */
export async function copyDataDirectory(options: DataDirectoryOptions, target: string): Promise<void> {
  const prepared = join(options.cacheDirectory, `data-${await cacheKey(options)}`);
  if (!(await exists(prepared))) {
    await removeUnused(options.cacheDirectory);
    await prepare(options, prepared);
  }
  const now = new Date();
  await utimes(prepared, now, now);
  await asUser(options.user, "cp", ["-R", "-p", prepared, target]);
}

async function cacheKey(options: DataDirectoryOptions): Promise<string> {
  const hash = createHash("sha256");
  const uid = options.user.kind === "same" ? "same" : String(options.user.uid);
  hash.update(JSON.stringify([LAYOUT, options.binaries.version, uid, options.definition.migrate]));
  for (const path of await filesBelow(options.definition.migrations)) {
    hash
      .update(path.slice(options.definition.migrations.length))
      .update("\0")
      .update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesBelow(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.sort();
}

async function prepare(options: DataDirectoryOptions, prepared: string): Promise<void> {
  const workshop = `${prepared}.${process.pid}`;
  const data = join(workshop, "data");
  await rm(workshop, { recursive: true, force: true });
  await mkdir(workshop, { recursive: true });
  if (options.user.kind === "other") await chown(workshop, options.user.uid, options.user.gid);
  try {
    const settings = [
      "-A",
      "trust",
      "-U",
      "kanit",
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
      "--wal-segsize=1",
    ];
    await asUser(options.user, options.binaries.initdb, ["-D", data, ...settings, "--no-instructions"]);
    await createDatabases(options, data, workshop);
    // Another kanit may have been quicker: its directory is as good.
    await rename(data, prepared).catch(async (error: unknown) => {
      if (!(await exists(prepared))) throw error;
    });
  } catch (error) {
    throw new UnavailableError({
      code: "database-not-initialised",
      message: `Expected to initialise a database for ${options.definition.name}, got: ${outputOf(error)}.`,
      nextStep: `Check the disk's free space and that \`${options.definition.migrate.join(" ")}\` works.`,
      cause: error,
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function createDatabases(options: DataDirectoryOptions, data: string, workshop: string): Promise<void> {
  const { binaries, user, definition, logDirectory } = options;
  const processes = new LabProcesses();
  const server = await startPostgres({
    processes,
    name: "postgres-initialise",
    binaries,
    user,
    dataDirectory: data,
    logDirectory,
    port: await options.findPort(),
    directoryToRemove: workshop,
  });
  try {
    await administer(server.url, [
      "CREATE ROLE spark LOGIN",
      `CREATE DATABASE ${TEMPLATE_DATABASE} OWNER spark`,
    ]);
    const [program, ...args] = definition.migrate;
    const url = server.urlOf("spark", TEMPLATE_DATABASE);
    await execute(program === "node" ? process.execPath : program, args, {
      cwd: definition.directory,
      env: { PATH: `${join(process.execPath, "..")}:/usr/local/bin:/usr/bin:/bin`, DATABASE_URL: url },
    });
    await administer(server.url, [`CREATE DATABASE ${DATABASE} TEMPLATE ${TEMPLATE_DATABASE} OWNER spark`]);
    await server.shutDownCleanly();
  } finally {
    await processes.stopAll();
  }
}

async function removeUnused(cacheDirectory: string): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    if (!name.startsWith("data-")) continue;
    const path = join(cacheDirectory, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > UNUSED_LIMIT_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function asUser(user: UserIdentity, program: string, args: readonly string[]): Promise<void> {
  const identity = user.kind === "other" ? { uid: user.uid, gid: user.gid } : {};
  await execute(program, args, { ...identity, cwd: "/", env: { PATH: "/bin:/usr/bin", LC_ALL: "C" } });
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function outputOf(error: unknown): string {
  const stderr =
    typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr).trim() : "";
  const text = stderr === "" && error instanceof Error ? error.message : stderr;
  return text.split("\n").slice(-5).join(" | ");
}
