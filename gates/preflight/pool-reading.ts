import { numberIn, type TextRow } from "../engine/sql.ts";

export const MAX_USED_FRACTION = 0.9;
export const MAX_WAIT_MS = 1_000;
/** pgBouncer's own database, which its console is. */
const CONSOLE = "pgbouncer";

/** One pool at one time. */
export interface PoolReading {
  readonly pool: string;
  readonly mode: string;
  readonly active: number;
  readonly size: number;
  readonly waiting: number;
  readonly waitedMs: number;
}

/** What pgBouncer's console answers to `SHOW POOLS`, `SHOW DATABASES` and `SHOW CONFIG`. */
interface ConsoleAnswers {
  readonly pools: readonly TextRow[];
  readonly databases: readonly TextRow[];
  readonly config: readonly TextRow[];
}

/** The pools, without that of the console itself. */
export function poolReadings({ pools, databases, config }: ConsoleAnswers): readonly PoolReading[] {
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

/** What is out of order with a pool, by all readings of it. */
export function poolProblems(
  name: string,
  readings: readonly PoolReading[],
  mode: string,
): readonly string[] {
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
