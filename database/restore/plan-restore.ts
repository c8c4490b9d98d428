import { RefusedError } from "../../core/index.ts";
import type { BackupRecord } from "../backup/backup-record.ts";
import { formatLsn, type Lsn, parseLsn } from "../wal/lsn.ts";
import type { Commit, WalCoverage } from "../wal/wal-coverage.ts";
import { describeTarget, formatMicros, parseTargetTime, type RecoveryTarget } from "./recovery-target.ts";

/** How a restore is carried out, and what it has to come to. */
export interface RestorePlan {
  readonly target: RecoveryTarget;
  /** The settings of Postgres that end the recovery there. */
  readonly settings: readonly string[];
  /** Where the first record begins that must not be replayed. */
  readonly boundaryLsn: Lsn;
  /** What has to be in the restored database, in the order of the log. */
  readonly included: readonly Commit[];
  /** What must not be. */
  readonly excluded: readonly Commit[];
}

/**
 * Plans a restore, or refuses it before anything is done. Postgres by itself restores a later state without a word when
 * the target is before the backup, and notices a target behind the log's end only when it gets there.
 *
 * @throws RefusedError `target-not-covered`, which says what can be restored.
 */
export function planRestore(
  record: Pick<BackupRecord, "stopLsn" | "stoppedAt" | "timeline">,
  coverage: WalCoverage,
  target: RecoveryTarget,
): RestorePlan {
  const refuse = (why: string): RefusedError =>
    new RefusedError({
      code: "target-not-covered",
      message: `Expected a moment that the backup and its log cover, got ${describeTarget(target)}: ${why}.`,
      nextStep: `What can be restored: ${describeRange(record, coverage)}.`,
    });
  const stopLsn = parseLsn(record.stopLsn);
  if (coverage.untilLsn < stopLsn) throw refuse("the log ends before the backup is whole");
  const boundary = boundaryOf(record, coverage, target);
  if (typeof boundary === "string") throw refuse(boundary);
  return {
    target,
    settings: [
      ...boundary.settings,
      // By its number Postgres asks the archive for its history, which that of a restored server does not have.
      "recovery_target_timeline=current",
      "recovery_target_action=promote",
    ],
    boundaryLsn: boundary.lsn,
    included: coverage.commits.filter(({ startLsn }) => startLsn < boundary.lsn),
    excluded: coverage.commits.filter(({ startLsn }) => startLsn >= boundary.lsn),
  };
}

/** The place where the first record begins that is not replayed, or why the recovery cannot end there. */
function boundaryOf(
  { stopLsn: stop, stoppedAt }: Pick<BackupRecord, "stopLsn" | "stoppedAt">,
  { commits, restorePoints, untilLsn }: WalCoverage,
  target: RecoveryTarget,
): string | { readonly lsn: Lsn; readonly settings: readonly string[] } {
  const stopLsn = parseLsn(stop);
  switch (target.kind) {
    case "latest":
      return { lsn: untilLsn, settings: [] };
    case "lsn": {
      if (target.lsn < stopLsn) return "the backup was not whole then";
      if (target.lsn >= untilLsn) return "the log does not reach it";
      const settings = [`recovery_target_lsn=${formatLsn(target.lsn)}`, "recovery_target_inclusive=off"];
      return { lsn: target.lsn, settings };
    }
    case "time": {
      if (target.atMicros < parseTargetTime(stoppedAt)) return "the backup was not whole then";
      // Postgres ends at the first commit after the time, in the order of the log, and fails without one.
      const next = commits.find(({ atMicros, endLsn }) => endLsn > stopLsn && atMicros > target.atMicros);
      if (next === undefined)
        return "no later transaction is in the log, so nothing shows that the log reaches it";
      const settings = [
        `recovery_target_time=${forPostgres(target.atMicros)}`,
        "recovery_target_inclusive=on",
      ];
      return { lsn: next.startLsn, settings };
    }
    case "restore-point": {
      const named = restorePoints.filter(({ name, endLsn }) => name === target.name && endLsn > stopLsn);
      const [point] = named;
      if (point === undefined) return "the log has no restore point of this name after the backup";
      if (named.length > 1) return `${named.length} restore points have this name`;
      return { lsn: point.endLsn, settings: [`recovery_target_name=${target.name}`] };
    }
    case "before-transaction": {
      const commit = commits.find(({ xid, endLsn }) => xid === target.xid && endLsn > stopLsn);
      if (commit === undefined) return "the log has no such commit after the backup";
      const settings = [`recovery_target_xid=${target.xid}`, "recovery_target_inclusive=off"];
      return { lsn: commit.startLsn, settings };
    }
  }
}

/** A time as the setting takes it: `2026-03-14 10:15:00.123456+00`. */
function forPostgres(micros: bigint): string {
  return formatMicros(micros).replace("T", " ").replace("Z", "+00");
}

/** What can be restored, from when to when, and why not later: one line. */
export function describeRange(
  { stopLsn, stoppedAt }: Pick<BackupRecord, "stopLsn" | "stoppedAt">,
  { commits, untilLsn, end }: WalCoverage,
): string {
  const last = commits.at(-1);
  const until = last === undefined ? "" : ` with the last commit at ${formatMicros(last.atMicros)}`;
  const why = end.kind === "missing" ? "is not in the archive" : `is damaged: ${end.why}`;
  return `${stoppedAt} (${stopLsn}) to ${formatLsn(untilLsn)}${until}; behind it, ${end.segment} ${why}`;
}
