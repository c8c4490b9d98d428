import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { numberIn, queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import { heldPool } from "./held-pool.ts";

const READINGS = 4;
const BETWEEN_MS = 500;
const MAX_USED_FRACTION = 0.9;
const MAX_WAIT_MS = 1_000;
/** pgBouncer's own database, which its console is. */
const CONSOLE = "pgbouncer";

/** One pool at one time. */
interface PoolReading {
  readonly pool: string;
  readonly mode: string;
  readonly active: number;
  readonly size: number;
  readonly waiting: number;
  readonly waitedMs: number;
}

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
      violations: names.flatMap((name) => problemsOf(name, ofPool(name), pgbouncer.poolMode)),
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

function problemsOf(name: string, readings: readonly PoolReading[], mode: string): readonly string[] {
  const waitedMs = Math.max(...readings.map((each) => each.waitedMs));
  const mostWaiting = Math.max(...readings.map(({ waiting }) => waiting));
  const isFull = readings.every(({ active, size }) => size > 0 && active >= size * MAX_USED_FRACTION);
  const isWaitedFor = readings.every(({ waiting }) => waiting > 0);
  const otherMode = readings.find((each) => each.mode !== mode)?.mode;
  return [
    ...(isFull
      ? [`${name}: at least ${MAX_USED_FRACTION * 100} % of its connections are used in each reading`]
      : []),
    ...(isWaitedFor ? [`${name}: clients wait in each reading, up to ${mostWaiting}`] : []),
    ...(waitedMs >= MAX_WAIT_MS ? [`${name}: a client has waited ${waitedMs.toFixed(0)} ms`] : []),
    ...(otherMode === undefined
      ? []
      : [`${name}: the pool mode is ${otherMode}, the platform relies on ${mode}`]),
  ];
}

async function readPools(console: string, { signal }: ProbeContext): Promise<readonly PoolReading[]> {
  const [pools = [], databases = [], config = []] = await queryRows(
    console,
    ["SHOW POOLS", "SHOW DATABASES", "SHOW CONFIG"],
    signal,
  );
  const setting = (key: string) => config.find((row) => row.key === key)?.value ?? "";
  return pools
    .filter(({ database }) => database !== CONSOLE)
    .map((row) => {
      const database = databases.find(({ name }) => name === row.database);
      return {
        pool: `${row.database ?? ""}/${row.user ?? ""}`,
        mode: row.pool_mode ?? setting("pool_mode"),
        active: numberIn(row, "sv_active"),
        size: numberIn(database, "pool_size"),
        waiting: numberIn(row, "cl_waiting"),
        waitedMs: numberIn(row, "maxwait") * 1_000 + numberIn(row, "maxwait_us") / 1_000,
      };
    });
}
