import type { RestoredDatabase } from "../restore/restore.ts";
import { formatLsn } from "../wal/lsn.ts";
import type { Commit } from "../wal/wal-coverage.ts";
import type { Proof } from "./proof.ts";

/** A question about so many transactions at a time. */
const BATCH = 5_000;
const MOST_SHOWN = 5;

/**
 * Proves that the restored database is the one of the target, by the log that was read before the restore and not by
 * what the server says of its recovery: it ended behind the last commit that had to be in, and before the first record
 * that must not be; each transaction before is committed in it, and none after.
 */
export async function proveMoment({
  plan,
  instance,
  endedAtLsn,
}: RestoredDatabase): Promise<readonly Proof[]> {
  const last = plan.included.at(-1);
  const at = `it ended at ${formatLsn(endedAtLsn)}`;
  const ended: Proof = {
    name: "end of the recovery",
    examined: 1,
    violations: [
      ...(last !== undefined && endedAtLsn < last.endLsn
        ? [`${at}, before transaction ${last.xid} of its past`]
        : []),
      ...(endedAtLsn > plan.boundaryLsn ? [`${at}, behind ${formatLsn(plan.boundaryLsn)}`] : []),
    ],
  };
  const examined = plan.included.length + plan.excluded.length;
  // In a log without a commit there is only its place to judge by.
  if (examined === 0) return [ended];
  const missing = await wrongOf(instance, numbered(plan.included), "committed");
  const early = await wrongOf(instance, numbered(plan.excluded), "not committed");
  const violations = [
    ...shown(missing, "before the moment is lost"),
    ...shown(early, "after the moment is in it"),
  ];
  return [ended, { name: "transactions", examined, violations }];
}

/** A commit of only a checkpoint or a temporary table has no transaction number. */
function numbered(commits: readonly Commit[]): readonly number[] {
  return commits.filter(({ xid }) => xid > 0).map(({ xid }) => xid);
}

/** The transactions that are not as expected. The oldest may be frozen and forgotten by then: those were committed. */
async function wrongOf(
  instance: RestoredDatabase["instance"],
  xids: readonly number[],
  expected: "committed" | "not committed",
): Promise<readonly number[]> {
  const wrong: number[] = [];
  for (let at = 0; at < xids.length; at += BATCH) {
    const rows = await instance.query(
      "postgres",
      `WITH next AS (SELECT pg_snapshot_xmax(pg_current_snapshot()) AS xid)
       SELECT x::text AS xid, CASE WHEN x::text::xid8 >= (SELECT xid FROM next) THEN 'in the future'
         ELSE coalesce(pg_xact_status(x::text::xid8), 'committed') END AS status
       FROM unnest($1::bigint[]) AS x`,
      [`{${xids.slice(at, at + BATCH).join(",")}}`],
    );
    for (const { xid, status } of rows)
      if ((status === "committed") !== (expected === "committed")) wrong.push(Number(xid));
  }
  return wrong;
}

function shown(xids: readonly number[], what: string): readonly string[] {
  const first = xids.slice(0, MOST_SHOWN).map((xid) => `transaction ${xid} ${what}`);
  return xids.length > MOST_SHOWN ? [...first, `and ${xids.length - MOST_SHOWN} more`] : first;
}
