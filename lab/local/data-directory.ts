import { createHash } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type SecretRegistry, UnavailableError } from "../../core/index.ts";
import type { LabProcessName, PlatformDefinition } from "../../definition/index.ts";
import { type DatabaseLogin, drawLogin } from "../lab-secrets.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import type { LabProcesses } from "./lab-processes.ts";
import {
  ARCHIVES_NOWHERE,
  administer,
  DATABASE,
  SEGMENTS_IN_FOLDER,
  setPassword,
  startPostgres,
  TEMPLATE_DATABASE,
} from "./postgres.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import type { UserIdentity } from "./unprivileged-user.ts";
import { withFreePort } from "./with-free-port.ts";

// Increase it when the preparation of a data directory below changes.
const LAYOUT = 4;
const UNUSED_LIMIT_MS = 7 * 24 * 3_600_000;
// A Postgres that is being ended may still write while its folder is removed.
const REMOVE_RETRIES = 5;
const INITDB_SETTINGS = [
  ...["-A", "scram-sha-256", "-U", "kanit", "-E", "UTF8", "--locale=C.UTF-8"],
  ...["--no-sync", "--wal-segsize=1", "--no-instructions", "-c", SEGMENTS_IN_FOLDER],
  ...["-c", ARCHIVES_NOWHERE],
];
const OWNER_ONLY = 0o700;
const OWNER_READS = 0o600;
// A file in the data directory, which other users cannot read. Each lab sets another password as soon
// as its Postgres listens.
const FIRST_PASSWORD_FILE = "kanit-first-password";

export interface DataDirectoryOptions {
  readonly processes: LabProcesses;
  readonly binaries: PostgresBinaries;
  readonly user: UserIdentity;
  readonly cacheDirectory: string;
  /** The lab's own folder, on the same disk as the cache. */
  readonly labDirectory: string;
  readonly definition: PlatformDefinition;
  readonly logDirectory: string;
  /** Registers the passwords that are generated here. */
  readonly registry: SecretRegistry;
  readonly findPort: () => Promise<number>;
}

/**
 * Copies an initialized, migrated data directory to `target`, and returns the superuser's login of the copy,
 * which is to be replaced. The original is created once for each version of Postgres and of the platform's
 * migrations, and kept: initializing takes seconds, copying a fraction of one.
 *
 * @throws UnavailableError `database-not-initialized` when Postgres fails, `migration-failed` when the
 *   platform's own program does.
 */
export async function copyDataDirectory(
  options: DataDirectoryOptions,
  target: string,
): Promise<Pick<DatabaseLogin, "role" | "password">> {
  const prepared = join(options.cacheDirectory, `data-${await cacheKey(options)}`);
  if (!(await exists(prepared))) {
    await removeUnused(options.cacheDirectory);
    await prepare(options, prepared);
  }
  const now = new Date();
  await utimes(prepared, now, now);
  await runTool(options, "postgres-copy", ["cp", "-R", "-p", prepared, target]);
  const passwordFile = join(target, FIRST_PASSWORD_FILE);
  const password = await readFile(passwordFile, "utf8");
  options.registry.register("first password of kanit", password);
  await rm(passwordFile);
  return { role: "kanit", password };
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
  // In the lab's own folder: two labs may do this at once, and what a killed one leaves is
  // removed with its folder.
  const workshop = join(options.labDirectory, "initialize");
  const data = join(workshop, "data");
  await mkdir(workshop, { mode: OWNER_ONLY });
  await handOver(options.user, workshop);
  const admin = drawLogin("kanit", options.registry);
  const passwordFile = join(workshop, FIRST_PASSWORD_FILE);
  await writeFile(passwordFile, admin.password, { mode: OWNER_READS });
  await handOver(options.user, passwordFile);
  const password = ["--pwfile", passwordFile];
  await runTool(options, "initdb", [options.binaries.initdb, "-D", data, ...INITDB_SETTINGS, ...password]);
  await createDatabases(options, data, admin);
  await rename(passwordFile, join(data, FIRST_PASSWORD_FILE));
  // Another process may have been faster; its directory is equivalent.
  await rename(data, prepared).catch(async (error: unknown) => {
    if (!(await exists(prepared))) throw error;
  });
  // After a failure it is removed with the lab, whose guard looks in it for what a killed server left elsewhere.
  await rm(workshop, { recursive: true, force: true, maxRetries: REMOVE_RETRIES });
}

async function createDatabases(
  options: DataDirectoryOptions,
  data: string,
  admin: DatabaseLogin,
): Promise<void> {
  const { processes, binaries, user, logDirectory } = options;
  const name: LabProcessName = "postgres-initialize";
  const server = await withFreePort(options, (port) =>
    startPostgres({
      processes,
      name,
      binaries,
      user,
      dataDirectory: data,
      logDirectory,
      port,
    }),
  );
  const platform = drawLogin("spark", options.registry);
  const adminUrl = server.urlOf(admin, "postgres");
  await administer(adminUrl, [
    "CREATE ROLE spark LOGIN",
    setPassword(platform),
    `CREATE DATABASE ${TEMPLATE_DATABASE} OWNER spark`,
  ]);
  await migrate(options, server.urlOf(platform, TEMPLATE_DATABASE));
  await administer(adminUrl, [
    `CREATE DATABASE ${DATABASE} TEMPLATE ${TEMPLATE_DATABASE} OWNER spark`,
    "ALTER ROLE spark PASSWORD NULL",
  ]);
  await server.shutDownCleanly();
  await processes.retire(name);
}

async function migrate({ processes, definition, logDirectory }: DataDirectoryOptions, databaseUrl: string) {
  const [program, ...args] = definition.migrate;
  const migration = await processes.start({
    name: "migrate" satisfies LabProcessName,
    command: [program === "node" ? process.execPath : program, ...args],
    environment: {
      PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      DATABASE_URL: databaseUrl,
    },
    workingDirectory: definition.directory,
    logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
  });
  await migration.succeeded().catch((error: unknown) => {
    throw new UnavailableError({
      code: "migration-failed",
      message: `Expected \`${definition.migrate.join(" ")}\` to bring the database of ${definition.name} up to date, but ${howItEnded(error)}`,
      nextStep: `It runs in ${definition.directory}; its whole log is ${migration.logPath}.`,
      cause: error,
    });
  });
  await processes.stop(migration);
}

/** Runs a program of Postgres or of the system until it exits, as the user to whom the data belongs. */
async function runTool(
  { processes, user, logDirectory }: DataDirectoryOptions,
  name: LabProcessName,
  command: readonly [string, ...string[]],
): Promise<void> {
  const tool = await processes.start({
    name,
    command,
    environment: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
    workingDirectory: "/",
    logDirectory,
    stopSignal: "TERM",
    user,
  });
  await tool.succeeded().catch((error: unknown) => {
    throw new UnavailableError({
      code: "database-not-initialized",
      message: `Expected ${name} to make a database's folder, but ${howItEnded(error)}`,
      nextStep: `Check the disk's free space; its whole log is ${tool.logPath}.`,
      cause: error,
    });
  });
  await processes.stop(tool);
}

function howItEnded(error: unknown): string {
  if (!(error instanceof ProcessDiedError)) return `it failed with: ${String(error)}.`;
  const { ending, lastLines } = error.death;
  return `it ended with ${ending}${lastLines.length === 0 ? " without output." : `: ${lastLines.join(" | ")}`}`;
}

/** Root's Postgres runs as another user, to whom these files are given. */
async function handOver(user: UserIdentity, path: string): Promise<void> {
  if (user.kind === "other") await chown(path, user.uid, user.gid);
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

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
