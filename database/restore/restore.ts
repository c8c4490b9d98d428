import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chown, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Clock, KanitError, RefusedError } from "../../core/index.ts";
import type { UserIdentity } from "../../lab/index.ts";
import { type BackupRecord, dataOf, readBackupRecord } from "../backup/backup-record.ts";
import { readCoverageOf } from "../backup/read-coverage-of.ts";
import { Instance } from "../instance/instance.ts";
import type { PostgresPrograms } from "../instance/programs.ts";
import { type Lsn, parseLsn } from "../wal/lsn.ts";
import { planRestore, type RestorePlan } from "./plan-restore.ts";
import type { RecoveryTarget } from "./recovery-target.ts";

export interface RestoreOptions {
  readonly programs: PostgresPrograms;
  /** A folder that {@link takeBackup} has made. */
  readonly backup: string;
  readonly archive: string;
  readonly target: RecoveryTarget;
  /** A folder that does not exist yet, or is empty: the restored server's data. */
  readonly to: string;
  readonly logDirectory: string;
  readonly clock: Clock;
}

/** A database as it was at the target, in a server that nobody else reaches. */
export interface RestoredDatabase {
  readonly instance: Instance;
  readonly plan: RestorePlan;
  readonly backup: BackupRecord;
  /** Where the old timeline ends in the restored server, as it says itself. */
  readonly endedAtLsn: Lsn;
  /** From the request until the server accepted changes. */
  readonly tookMs: number;
}

/**
 * Restores a database to a moment, into a server of its own. Before anything is copied, the log is read to its end and
 * the target is looked up in it.
 *
 * @throws RefusedError `target-not-covered`, `backup-damaged`, `folder-not-empty`, or `other-version`;
 *   KanitError `recovery-failed` with the server's last lines.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<RestoredDatabase> {
  const { programs, backup, archive, target, to, clock } = options;
  const startMs = clock.monotonicMs();
  const record = await readBackupRecord(backup);
  requireSameVersion(record, programs);
  const coverage = await readCoverageOf(record, archive);
  const plan = planRestore(record, coverage, target);
  await requireEmpty(to);
  await requireWhole(backup, record);
  await cp(dataOf(backup), to, { recursive: true });
  await writeFile(join(to, "recovery.signal"), "", { mode: 0o600 });
  await mkdir(join(to, "pg_wal", "archive_status"), { recursive: true, mode: 0o700 });
  await handOver(to, programs.user);
  const instance = await Instance.start({
    programs,
    dataDirectory: to,
    superuser: record.superuser,
    archiving: { kind: "off" },
    settings: [`restore_command=cp ${quoted(archive)}/%f %p`, ...plan.settings],
    logDirectory: options.logDirectory,
  }).catch(async (cause: unknown) => {
    await rm(to, { recursive: true, force: true });
    throw new KanitError({
      code: "recovery-failed",
      message: `Expected the recovery to come to its target, but ${cause instanceof Error ? cause.message : String(cause)}`,
      nextStep: `Its log is in ${options.logDirectory}.`,
      exitCode: 1,
      cause,
    });
  });
  return {
    instance,
    plan,
    backup: record,
    endedAtLsn: await readTimelineEnd(to, record.timeline),
    tookMs: clock.monotonicMs() - startMs,
  };
}

/** The place where the new timeline left the one of the backup: its history file says so. */
async function readTimelineEnd(dataDirectory: string, timeline: number): Promise<Lsn> {
  const wal = join(dataDirectory, "pg_wal");
  const histories = (await readdir(wal)).filter((name) => name.endsWith(".history")).toSorted();
  const text = await readFile(join(wal, histories.at(-1) ?? ""), "utf8");
  for (const line of text.split("\n")) {
    const [left, lsn] = line.split("\t");
    if (Number(left) === timeline && lsn !== undefined) return parseLsn(lsn);
  }
  throw new KanitError({
    code: "no-timeline-end",
    message: `Expected the restored server to say where it left timeline ${timeline}.`,
    nextStep: `Look at the history files in ${wal}.`,
    exitCode: 1,
  });
}

function requireSameVersion(record: BackupRecord, { binaries }: PostgresPrograms): void {
  const [major] = record.postgresVersion.split(".");
  const [ours] = binaries.version.split(".");
  if (major === ours) return;
  throw new RefusedError({
    code: "other-version",
    message: `Expected a backup of Postgres ${ours}, got one of ${record.postgresVersion}.`,
    nextStep: "A backup of files can only be started by the same major version.",
  });
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  if (names.length === 0) return;
  throw new RefusedError({
    code: "folder-not-empty",
    message: `Expected an empty folder for the restored data, but ${folder} has ${names.length} files.`,
    nextStep: "Name another folder: a restore never writes over data.",
  });
}

/** Checks each file of a backup against the digest that was taken while it was copied. */
async function requireWhole(backup: string, record: BackupRecord): Promise<void> {
  const damagedFiles: string[] = [];
  for (const [path, digest] of Object.entries(record.files)) {
    const hash = createHash("sha256");
    const isThere = await stat(join(dataOf(backup), path)).then(
      () => true,
      () => false,
    );
    if (isThere) await pipeline(createReadStream(join(dataOf(backup), path)), hash);
    if (!isThere || hash.digest("hex") !== digest) damagedFiles.push(path);
  }
  const [first] = damagedFiles;
  if (first === undefined) return;
  throw new RefusedError({
    code: "backup-damaged",
    message: `Expected the backup's ${Object.keys(record.files).length} files as they were taken, but ${damagedFiles.length} are not, such as ${first}.`,
    nextStep: "Use another backup, and find out what changed this one.",
  });
}

async function handOver(folder: string, user: UserIdentity): Promise<void> {
  if (user.kind === "same") return;
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(join(entry.parentPath, entry.name), user.uid, user.gid);
}

/** A path as a word of the shell that runs Postgres's `restore_command`, in which `%` begins a placeholder. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`).replaceAll("%", "%%")}'`;
}
