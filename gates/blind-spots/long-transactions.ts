import { postgresClient } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";
import { defineSqlCheck } from "../engine/sql-check.ts";

const MAX_IDLE_SECONDS = 5;
const MAX_SECONDS = 60;
const MARK = "kanit-drill-idle";

const IDLE = `SELECT extract(epoch FROM clock_timestamp() - state_change)::int::text AS seconds
  FROM pg_stat_activity WHERE application_name = '${MARK}' AND state = 'idle in transaction'`;

const forgottenCommit: Mutant = {
  what: `A client begins a transaction and does nothing for more than ${MAX_IDLE_SECONDS} s.`,
  apply: async ({ lab, clock, signal }) => {
    const { databaseUrl } = lab.addresses;
    const client = postgresClient(databaseUrl, { connectionTimeoutMillis: 5_000, application_name: MARK });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("BEGIN; SELECT count(*) FROM positions");
    for (;;) {
      const [rows = []] = await queryRows(databaseUrl, [IDLE], signal);
      const seconds = Number(rows[0]?.seconds ?? 0);
      if (seconds > MAX_IDLE_SECONDS) {
        return {
          effect: `pg_stat_activity: idle in transaction for ${seconds} s`,
          parts: {},
          [Symbol.asyncDispose]: () => client.end(),
        };
      }
      await clock.sleep(200, signal);
    }
  },
};

/** Does somebody keep a transaction open? */
export const longTransactions = defineSqlCheck({
  id: "long-transactions",
  title: "Long and idle transactions",
  question: "Does a transaction stay open although nobody works in it, or work for minutes?",
  risk: "It keeps locks that a migration waits for, and dead rows that vacuum must not remove.",
  passes: `no transaction is idle for more than ${MAX_IDLE_SECONDS} s, and none is older than ${MAX_SECONDS} s`,
  fix: "End it (pg_terminate_backend), and set idle_in_transaction_session_timeout for the role.",
  evidence: ["blind_spot_long_transactions_{release}.tsv"],
  query: `
    SELECT pid::text, coalesce(usename, '') AS role, coalesce(application_name, '') AS application_name, state,
           coalesce(extract(epoch FROM clock_timestamp() - xact_start), 0)::int::text AS transaction_seconds,
           coalesce(extract(epoch FROM clock_timestamp() - state_change), 0)::int::text AS state_seconds
      FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`,
  nameOf: ({ pid }) => `session ${pid ?? ""}`,
  problemsOf: ({
    pid,
    role,
    application_name: name,
    state,
    transaction_seconds: seconds,
    state_seconds: idle,
  }) => [
    ...((state ?? "").startsWith("idle in transaction") && Number(idle) > MAX_IDLE_SECONDS
      ? [`session ${pid} of ${role} (${name}) is idle in a transaction for ${idle} s`]
      : []),
    ...(Number(seconds) > MAX_SECONDS
      ? [`the transaction of session ${pid} of ${role} (${name}) is ${seconds} s old`]
      : []),
  ],
  doubtsOf: ({ pid, state }) =>
    state === null ? [`session ${pid} is not shown to this login: GRANT pg_read_all_stats TO it`] : [],
  summaryOf: (rows) => `${rows.length} sessions`,
  mutant: forgottenCommit,
});
