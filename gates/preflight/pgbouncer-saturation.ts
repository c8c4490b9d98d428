import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import { heldPool } from "./held-pool.ts";
import {
  MAX_USED_FRACTION,
  MAX_WAIT_MS,
  type PoolReading,
  poolProblems,
  poolReadings,
} from "./pool-reading.ts";

const READINGS = 4;
const BETWEEN_MS = 500;

/** Does the pooler have room, and does it pool as the platform relies on? */
export const pgbouncerSaturation = defineCheck({
  id: "pgbouncer-saturation",
  title: "pgBouncer saturation",
  question: "Has the pooler room for a release, and does it pool in the mode that the platform relies on?",
  risk: "Requests wait for a connection until they time out; in another mode, transactions or sessions break.",
  command: `psql "$PGBOUNCER_URL" -c 'SHOW POOLS' -c 'SHOW DATABASES' -c 'SHOW CONFIG'`,
  passes: `of ${READINGS} readings no pool is at ${MAX_USED_FRACTION * 100} % or has clients waiting in all, nobody waits ${MAX_WAIT_MS} ms, and the mode is the expected one`,
  fix: "Find what holds the connections (SHOW SERVERS), raise default_pool_size, or correct pool_mode and RELOAD.",
  evidence: ["pgbouncer_pools_{release}.tsv"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["pgbouncer"],
  mutant: heldPool,
  observe: async ({ pgbouncer }, context) => {
    const asOfMs = context.clock.nowMs();
    const readings: (readonly PoolReading[])[] = [];
    for (let round = 0; round < READINGS; round++) {
      if (round > 0) await context.clock.sleep(BETWEEN_MS, context.signal);
      readings.push(await readPools(pgbouncer.console, context));
    }
    const names = [...new Set(readings.flat().map(({ pool }) => pool))];
    const ofPool = (name: string) => readings.flat().filter(({ pool }) => pool === name);
    const last = readings.at(-1) ?? [];
    return {
      expected: names,
      examined: names,
      acts: [{ what: "readings of the pools", asked: READINGS, happened: readings.length }],
      asOfMs,
      violations: names.flatMap((name) => poolProblems(name, ofPool(name), pgbouncer.poolMode)),
      unclear: [],
      summary: last
        .map(({ pool, active, size, waiting }) => `${pool} ${active}/${size}, ${waiting} waiting`)
        .join("; "),
      texts: [toTsv(readings.flatMap((pools, round) => pools.map((pool) => rowOf(round, pool))))],
    };
  },
});

function rowOf(round: number, { pool, mode, active, size, waiting, waitedMs }: PoolReading): TextRow {
  return {
    reading: String(round + 1),
    pool,
    pool_mode: mode,
    active: String(active),
    pool_size: String(size),
    cl_waiting: String(waiting),
    maxwait_ms: waitedMs.toFixed(1),
  };
}

async function readPools(console: string, { signal }: ProbeContext): Promise<readonly PoolReading[]> {
  const [pools = [], databases = [], config = []] = await queryRows(
    console,
    ["SHOW POOLS", "SHOW DATABASES", "SHOW CONFIG"],
    signal,
  );
  return poolReadings({ pools, databases, config });
}
