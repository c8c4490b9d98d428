import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../../core/index.ts";

const RECORD_FILE = "backup.json";
const SCHEMA = "kanit.backup/1";
const lsn = z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/);

const backupRecord = z.strictObject({
  schema: z.literal(SCHEMA),
  /** Of the server, from initdb on: a log of another one never fits. */
  systemId: z.string().regex(/^\d+$/),
  postgresVersion: z.string(),
  segmentBytes: z.int().positive(),
  timeline: z.int().positive(),
  /** A recovery begins here. */
  startLsn: lsn,
  /** Nothing before this place can be restored: until then the files were being copied. */
  stopLsn: lsn,
  /** By the server's clock. */
  stoppedAt: z.iso.datetime(),
  superuser: z.string().min(1),
  /** The digest of each file below `data/`. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

/** What is known of a base backup: where its recovery begins, and from where on it is whole. */
export type BackupRecord = Readonly<z.infer<typeof backupRecord>>;

/** The folder of a backup's copy of the data directory. */
export function dataOf(backup: string): string {
  return join(backup, "data");
}

export async function writeBackupRecord(backup: string, record: Omit<BackupRecord, "schema">): Promise<void> {
  await writeFile(join(backup, RECORD_FILE), `${JSON.stringify({ schema: SCHEMA, ...record }, null, 2)}\n`);
}

/**
 * Reads what is known of a backup.
 *
 * @throws UsageError `not-a-backup`
 */
export async function readBackupRecord(backup: string): Promise<BackupRecord> {
  try {
    return backupRecord.parse(JSON.parse(await readFile(join(backup, RECORD_FILE), "utf8")));
  } catch (cause) {
    throw new UsageError({
      code: "not-a-backup",
      message: `Expected a folder that \`kanit database backup\` has made, but ${join(backup, RECORD_FILE)} is not its record.`,
      nextStep:
        "Name the folder that the backup printed. One that was interrupted has no record: take another.",
      cause,
    });
  }
}
