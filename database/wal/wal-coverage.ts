import type { Lsn } from "./lsn.ts";
import { RecordAssembler } from "./record-assembler.ts";
import type { WalArchive } from "./wal-archive.ts";
import { pagesIn } from "./wal-page.ts";
import type { WalRecord } from "./wal-record.ts";

/** Why nothing more can be restored from an archive than up to `untilLsn`. */
type CoverageEnd =
  /** The next segment is not there: it is not archived yet, or it is lost. */
  | { readonly kind: "missing"; readonly segment: string }
  | { readonly kind: "damaged"; readonly segment: string; readonly why: string };

/** A change that a restore can end with, or before. */
export interface Commit {
  readonly xid: number;
  readonly startLsn: Lsn;
  readonly endLsn: Lsn;
  /** When it was committed, in microseconds since 1970, by the server's clock. */
  readonly atMicros: bigint;
}

/** A name that was given to a place by `pg_create_restore_point`. */
interface RestorePoint {
  readonly name: string;
  readonly endLsn: Lsn;
  readonly atMicros: bigint;
}

/** What an archive's log holds from a place on, each record checked. */
export interface WalCoverage {
  readonly timeline: number;
  readonly fromLsn: Lsn;
  readonly untilLsn: Lsn;
  readonly commits: readonly Commit[];
  readonly restorePoints: readonly RestorePoint[];
  readonly end: CoverageEnd;
}

/**
 * Reads the records of a timeline from a place on, and checks each as a recovery does: its checksum, and that it
 * follows the one before it. So it is known before a restore begins how far it will come.
 *
 * @param from where a record of this server begins, such as a backup's first.
 */
export async function readCoverage(
  archive: WalArchive,
  { systemId, timeline, fromLsn }: { systemId: string; timeline: number; fromLsn: Lsn },
): Promise<WalCoverage> {
  const assembler = new RecordAssembler(systemId, fromLsn);
  const commits: Commit[] = [];
  const restorePoints: RestorePoint[] = [];
  const covered = (end: CoverageEnd, untilLsn = assembler.end): WalCoverage => ({
    timeline,
    fromLsn,
    untilLsn,
    commits,
    restorePoints,
    end,
  });
  for (;;) {
    const segment = await archive.segmentAt(timeline, assembler.at);
    if ("missing" in segment) return covered({ kind: "missing", segment: segment.missing });
    for (const page of pagesIn(segment, assembler.at)) {
      const { records, after } = assembler.take(page);
      for (const record of records) note(record, commits, restorePoints);
      if (after.kind === "damaged")
        return covered({ kind: "damaged", segment: segment.name, why: after.why });
      if (after.kind === "next-segment") break;
    }
    assembler.skipTo(segment.startLsn + BigInt(segment.bytes.length));
  }
}

function note(
  { event, startLsn, endLsn }: WalRecord,
  commits: Commit[],
  restorePoints: RestorePoint[],
): void {
  if (event.kind === "commit") commits.push({ xid: event.xid, startLsn, endLsn, atMicros: event.atMicros });
  if (event.kind === "restore-point")
    restorePoints.push({ name: event.name, endLsn, atMicros: event.atMicros });
}
