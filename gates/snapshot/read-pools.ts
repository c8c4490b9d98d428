import { queryRows, toTsv } from "../engine/sql.ts";
import type { TargetParts } from "../engine/target.ts";
import { poolProblems, poolReadings } from "../preflight/pool-reading.ts";
import type { ReadPart } from "./read-part.ts";

const COMMANDS = ["SHOW POOLS", "SHOW DATABASES", "SHOW CONFIG", "SHOW STATS"] as const;

/** What a person would paste to read the same. */
export const POOLS_COMMAND = `psql "$PGBOUNCER_URL" -c 'SHOW POOLS' -c 'SHOW DATABASES' -c 'SHOW STATS'`;

/** Reads pgBouncer's pools: how full they are, who waits, their mode. */
export async function readPools(
  { console, poolMode }: TargetParts["pgbouncer"],
  signal: AbortSignal,
): Promise<ReadPart> {
  const results = await queryRows(console, COMMANDS, signal);
  const [pools = [], databases = [], config = [], stats = []] = results;
  const readings = poolReadings({ pools, databases, config });
  return {
    body: [`# pools`, toTsv(pools), `# databases`, toTsv(databases), `# stats`, toTsv(stats)].join("\n"),
    problems: readings.flatMap((reading) => poolProblems(reading.pool, [reading], poolMode)),
    missing: readings.length === 0 ? ["pools: pgBouncer shows none"] : [],
  };
}
