import { postgresClient } from "../../network/index.ts";
import { defineCheck } from "../engine/check.ts";
import type { Mutant } from "../engine/mutant.ts";
import { numberIn, queryRows, toTsv } from "../engine/sql.ts";

/** What belongs to a session, and not to a transaction. */
const FEATURES = `
  SELECT 'advisory lock' AS feature, coalesce(a.usename, '') AS role, l.pid::text AS pid
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
   WHERE l.locktype = 'advisory' AND l.granted AND a.state = 'idle' AND l.database =
         (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL
  SELECT 'LISTEN', coalesce(usename, ''), pid::text FROM pg_stat_activity
   WHERE datname = current_database() AND query ~* '^\\s*listen\\s'
  UNION ALL
  SELECT 'temporary table ' || relname, '', '' FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'`;
const COUNT = `
  SELECT count(*)::text AS sessions,
         count(*) FILTER (WHERE query = '<insufficient privilege>')::text AS hidden
    FROM pg_stat_activity WHERE datname = current_database()`;
const KEY = 20_241_024;

const forgottenLock: Mutant = {
  what: "A client takes a session's advisory lock through pgBouncer, and its transaction ends.",
  apply: async ({ lab, signal }) => {
    const client = postgresClient(lab.addresses.poolerUrl, { connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined);
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(${KEY})`);
    const held = `SELECT count(*)::text AS held FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY}`;
    const [rows = []] = await queryRows(lab.addresses.databaseUrl, [held], signal);
    return {
      effect: `pg_locks: ${rows[0]?.held ?? "0"} advisory lock held by an idle server connection`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        await client.end();
        const ended = `SELECT pg_terminate_backend(pid)::text FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY}`;
        await queryRows(lab.addresses.databaseUrl, [ended], AbortSignal.timeout(10_000));
      },
    };
  },
};

/** Does anything rely on a session that the pooler does not keep? */
export const sessionFeatures = defineCheck({
  id: "session-features",
  title: "Session features under a pooler",
  question: "Does the platform use what belongs to a session, while the pooler hands sessions round?",
  risk: "A lock stays with a connection that somebody else gets; notifications and temporary tables are lost.",
  command: `psql "$DATABASE_URL" -c "SELECT locktype, pid FROM pg_locks WHERE locktype = 'advisory'"`,
  passes:
    "in transaction or statement mode nobody holds a session lock while idle, listens, or has a temporary table",
  fix: "Use pg_advisory_xact_lock and ON COMMIT DROP, or give this client a pool in session mode.",
  evidence: ["blind_spot_session_features_{release}.tsv"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["database", "pgbouncer"],
  mutant: forgottenLock,
  observe: async ({ database, pgbouncer }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const [found = [], [count] = []] = await queryRows(database, [FEATURES, COUNT], signal);
    const matters = pgbouncer.poolMode !== "session";
    const sessions = numberIn(count, "sessions");
    return {
      expected: ["sessions"],
      examined: sessions > 0 ? ["sessions"] : [],
      acts: [],
      asOfMs,
      violations: matters
        ? found.map(
            ({ feature, role, pid }) =>
              `${feature} of ${role || "a role"} in session ${pid}, under ${pgbouncer.poolMode} pooling`,
          )
        : [],
      unclear:
        numberIn(count, "hidden") === 0
          ? []
          : ["some sessions are not shown to this login: GRANT pg_read_all_stats TO it"],
      summary: `${sessions} sessions, ${found.length} with something of a session`,
      texts: [`# ${sessions} sessions, pool mode ${pgbouncer.poolMode}\n${toTsv(found)}`],
    };
  },
});
