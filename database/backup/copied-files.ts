import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

// What a backup leaves out: https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
const EMPTY_FOLDERS = new Set([
  "pg_wal",
  "pg_replslot",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
]);
const LEFT_OUT =
  /^(?:postmaster\.(?:pid|opts)|pg_internal\.init(?:\..*)?|pgsql_tmp.*|backup_label|kanit-instance)$/;
const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const;

/**
 * Copies the data directory of a running server, between `pg_backup_start` and `pg_backup_stop`. A file that is removed
 * meanwhile is left out, as the log says so.
 *
 * @returns the SHA-256 of each file, by its path below the folder.
 */
export async function copyDataFiles(from: string, to: string): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  const copyFolder = async (path: string): Promise<void> => {
    await mkdir(join(to, path), { mode: OWNER_ONLY.folder });
    for (const entry of await readdir(join(from, path), { withFileTypes: true }).catch(noneWhereGone)) {
      const below = join(path, entry.name);
      if (LEFT_OUT.test(entry.name)) continue;
      if (EMPTY_FOLDERS.has(below)) await mkdir(join(to, below), { mode: OWNER_ONLY.folder });
      else if (entry.isDirectory()) await copyFolder(below);
      else if (entry.isFile()) {
        const digest = await copyFile(join(from, below), join(to, below));
        if (digest !== null) digests[below] = digest;
      }
    }
  };
  await copyFolder("");
  return digests;
}

/** The SHA-256 of the file's bytes; null when it was removed meanwhile. */
async function copyFile(from: string, to: string): Promise<string | null> {
  const hash = createHash("sha256");
  const tap = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(from), tap, createWriteStream(to, { mode: OWNER_ONLY.file }));
    return hash.digest("hex");
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function noneWhereGone(error: unknown): [] {
  if (isGone(error)) return [];
  throw error;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
