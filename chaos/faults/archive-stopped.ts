import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { DATABASE_SESSION, notInjected, openFaultSession } from "./blocking-session.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({ kind: "archive-stopped", specs: {} });

type ArchiveStopped = FaultIn<typeof statement>;

const POLL_MS = 20;
const ARCHIVED_WITHIN_MS = 30_000;
/** A command that fails without a word: a full archive disk, a bucket that denies access. */
const FAILS = "false";

/** The write-ahead log is no longer archived, and Postgres keeps all of it. */
export const archiveStopped: FaultKind<ArchiveStopped> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: () => "the archive of the log",
  summary: "archiving the write-ahead log fails; the server keeps what is not archived",
  healing: "The command that archives is what it was, and what waited is archived.",
  label: ({ link }) => `archiving of the log stopped, through ${link}`,
  async inject(fault, context): Promise<Injection> {
    const client = await openFaultSession(context.databaseUrlOf(fault.link), "archive-stopped");
    try {
      const { rows } = await client.query<{ command: string }>(
        "SELECT current_setting('archive_command') AS command",
      );
      const command = rows[0]?.command ?? "";
      const before = await failuresOf(client);
      await archiveBy(client, FAILS);
      await client.query("SELECT pg_create_restore_point('kanit'), pg_switch_wal()");
      let failures = 0;
      return {
        label: archiveStopped.label(fault),
        heal: async () => {
          failures = (await failuresOf(client)) - before;
          await archiveBy(client, command);
          await untilArchived(client);
          await client.end();
        },
        bite: async () => ({ kind: "counted", connections: failures, bytes: 0, messages: null }),
      };
    } catch (error) {
      await client.end();
      throw notInjected("to stop the archive", error);
    }
  },
};

async function archiveBy(client: pg.Client, command: string): Promise<void> {
  await client.query(`ALTER SYSTEM SET archive_command = ${pg.escapeLiteral(command)}`);
  await client.query("SELECT pg_reload_conf()");
}

async function failuresOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ failed: number }>(
    "SELECT failed_count::int AS failed FROM pg_stat_archiver",
  );
  return rows[0]?.failed ?? 0;
}

/** A new segment wakes the archiver, which rests for a minute after failures. */
async function untilArchived(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT pg_create_restore_point('kanit'), pg_walfile_name(pg_switch_wal()) AS name",
  );
  const name = rows[0]?.name ?? "";
  const deadlineMs = performance.now() + ARCHIVED_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    const { rows: archived } = await client.query<{ last: string | null }>(
      "SELECT last_archived_wal AS last FROM pg_stat_archiver",
    );
    if ((archived[0]?.last ?? "") >= name) return;
    await delay(POLL_MS);
  }
  throw notInjected(`that ${name} is archived again`, new Error("it is not"));
}
