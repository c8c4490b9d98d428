import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type pg from "pg";
import { KanitError, UnavailableError } from "../../core/index.ts";
import { type BackupRecord, dataOf, writeBackupRecord } from "./backup-record.ts";
import { copyDataFiles } from "./copied-files.ts";

/** The bootstrap superuser of a cluster, under whatever name. */
const BOOTSTRAP_SUPERUSER = 10;
const OWNER_ONLY = 0o700;

const DESCRIBE = `SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system_id,
  current_setting('server_version') AS version, current_setting('data_directory') AS data,
  pg_size_bytes(current_setting('wal_segment_size'))::text AS segment_bytes,
  (SELECT rolname FROM pg_roles WHERE oid = ${BOOTSTRAP_SUPERUSER}) AS superuser,
  current_setting('archive_mode') AS archiving, pg_is_in_recovery()::text AS standby,
  (SELECT count(*) FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%')::text AS tablespaces`;

type Described = Readonly<
  Record<
    | "system_id"
    | "version"
    | "data"
    | "segment_bytes"
    | "superuser"
    | "archiving"
    | "standby"
    | "tablespaces",
    string
  >
>;

/** A base backup that is whole. */
export interface TakenBackup {
  readonly folder: string;
  readonly record: BackupRecord;
}

/**
 * Takes a base backup of a running server into a new folder. The folder has its name only when the backup is whole.
 *
 * @param client a superuser's connection, which is used for the whole backup.
 * @throws UnavailableError `no-backup-possible` when the server cannot be backed up from here.
 */
export async function takeBackup(client: pg.Client, folder: string, label: string): Promise<TakenBackup> {
  const described = await describeServer(client);
  const building = `${folder}.unfinished`;
  await mkdir(dirname(folder), { recursive: true });
  // Left by one that was interrupted.
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: OWNER_ONLY });
  try {
    const started = await client.query<{ readonly lsn: string }>(
      "SELECT pg_backup_start($1, true)::text AS lsn",
      [label],
    );
    const files = await copyDataFiles(described.data, dataOf(building));
    const stopped = await client.query<{
      readonly lsn: string;
      readonly labelfile: string;
      readonly at: string;
    }>(
      `SELECT lsn::text, labelfile, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
       FROM pg_backup_stop(true)`,
    );
    const [start, stop] = [started.rows[0], stopped.rows[0]];
    if (start === undefined || stop === undefined)
      throw new TypeError("Expected where the backup begins and ends.");
    await writeFile(join(dataOf(building), "backup_label"), stop.labelfile, { mode: 0o600 });
    const record = {
      systemId: described.system_id,
      postgresVersion: described.version,
      segmentBytes: Number(described.segment_bytes),
      timeline: timelineIn(stop.labelfile),
      startLsn: start.lsn,
      stopLsn: stop.lsn,
      stoppedAt: stop.at,
      superuser: described.superuser,
      files,
    };
    await writeBackupRecord(building, record);
    await rename(building, folder);
    return { folder, record: { schema: "kanit.backup/1", ...record } };
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error;
  }
}

async function describeServer(client: pg.Client): Promise<Described> {
  const [described] = (await client.query<Described>(DESCRIBE)).rows;
  if (described === undefined) throw new TypeError("Expected one row about the server.");
  const refuse = (message: string, nextStep: string): UnavailableError =>
    new UnavailableError({ code: "no-backup-possible", message, nextStep });
  if (described.standby === "true")
    throw refuse("Expected a primary, got a standby.", "Name the primary's address.");
  if (described.archiving === "off")
    throw refuse(
      "Expected a server that archives its write-ahead log, but archive_mode is off.",
      "A base backup without the log from then on restores to no moment: turn archive_mode on.",
    );
  if (described.tablespaces !== "0")
    throw refuse(
      `Expected all data in one folder, but there are ${described.tablespaces} tablespaces.`,
      "Use pgBackRest or WAL-G for this server.",
    );
  await readdir(described.data).catch((cause: unknown) => {
    throw new UnavailableError({
      code: "no-backup-possible",
      message: `Expected to read the server's data directory ${described.data}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
      nextStep: "Run this on the server's machine, as the owner of its data or as root.",
      cause,
    });
  });
  return described;
}

function timelineIn(label: string): number {
  const [, timeline] = /^START TIMELINE: (\d+)$/m.exec(label) ?? [];
  if (timeline === undefined) {
    throw new KanitError({
      code: "bad-backup-label",
      message: "Expected a line START TIMELINE in what pg_backup_stop returned.",
      nextStep: "Report it, with the version of Postgres.",
      exitCode: 70,
    });
  }
  return Number(timeline);
}
