import { readdir } from "node:fs/promises";
import { UnavailableError } from "../../core/index.ts";
import { parseLsn } from "../wal/lsn.ts";
import { WalArchive } from "../wal/wal-archive.ts";
import { readCoverage, type WalCoverage } from "../wal/wal-coverage.ts";
import type { BackupRecord } from "./backup-record.ts";

/**
 * What an archive's log holds from a backup on.
 *
 * @throws UnavailableError `no-archive`
 */
export async function readCoverageOf(record: BackupRecord, archive: string): Promise<WalCoverage> {
  await readdir(archive).catch((cause: unknown) => {
    throw new UnavailableError({
      code: "no-archive",
      message: `Expected a folder with the archived log, got ${archive}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      nextStep: "Name the folder into which the server's archive_command copies its segments.",
      cause,
    });
  });
  return await readCoverage(new WalArchive(archive, record.segmentBytes), {
    systemId: record.systemId,
    timeline: record.timeline,
    fromLsn: parseLsn(record.startLsn),
  });
}
