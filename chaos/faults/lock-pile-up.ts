import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { text } from "../proxy/toxics/attribute-spec.ts";
import {
  DATABASE_SESSION,
  notInjected,
  openFaultSession,
  pidOf,
  tableName,
  WaitingSessions,
} from "./blocking-session.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({
  kind: "lock-pile-up",
  specs: {
    table: text("the table", "orders", (table) => (table === "" ? "expected a name" : undefined)),
  },
});

const POLL_MS = 5;

type LockPileUp = FaultIn<typeof statement>;

/** A migration waits behind a long query, and everybody else behind the migration. */
export const lockPileUp: FaultKind<LockPileUp> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: ({ table }) => `the lock on ${table}`,
  summary: "a migration without a limit waits behind a long query, and readers and writers behind it",
  healing: "Both are ended; the migration has changed nothing.",
  label: ({ link, table }) => `a migration of ${table} behind a long query on ${link}`,
  async inject(fault, context): Promise<Injection> {
    const url = context.databaseUrlOf(fault.link);
    const table = tableName(fault.table);
    const [reader, migration, watcher] = await Promise.all(
      ["query", "migration", "watch"].map((part) => openFaultSession(url, `lock-pile-up-${part}`)),
    );
    if (reader === undefined || migration === undefined || watcher === undefined)
      throw new TypeError("Expected three sessions.");
    const end = () => Promise.allSettled([reader, migration, watcher].map((client) => client.end()));
    try {
      await reader.query(`BEGIN; SELECT 1 FROM ${table} LIMIT 1`);
    } catch (error) {
      await end();
      throw notInjected(`to read ${fault.table}`, error);
    }
    const migrationPid = await pidOf(migration);
    // Its end by the fault's own healing is what becomes of it.
    const migrated = migration
      .query(`ALTER TABLE ${table} ADD COLUMN kanit_pile_up integer`)
      .catch(() => undefined);
    while (!(await isWaiting(watcher, migrationPid))) await delay(POLL_MS);
    const waiting = new WaitingSessions(watcher, [await pidOf(watcher), migrationPid]);
    return {
      label: lockPileUp.label(fault),
      heal: async () => {
        await waiting.stop();
        // Ended before the query, or it would get its lock and change the table.
        await watcher.query("SELECT pg_terminate_backend($1)", [migrationPid]).catch(() => undefined);
        await migrated;
        await end();
      },
      bite: async () => ({ kind: "counted", connections: waiting.count, bytes: 0, messages: null }),
    };
  },
};

async function isWaiting(watcher: pg.Client, pid: number): Promise<boolean> {
  const { rows } = await watcher.query("SELECT 1 FROM pg_locks WHERE pid = $1 AND NOT granted", [pid]);
  return rows.length > 0;
}
