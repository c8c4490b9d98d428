import { defineSqlCheck, NO_DOUBTS } from "../engine/sql-check.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";

/** Does a crash empty a table? */
export const crashSafety = defineSqlCheck({
  id: "crash-safety",
  title: "Tables that a crash empties",
  question: "Is each table logged, so that it is there after a crash and on replicas?",
  risk: "An unlogged table is empty after a crash: orders that were sent are forgotten, and sent again.",
  passes: "no table and no sequence is unlogged",
  fix: "ALTER TABLE … SET LOGGED, at a quiet time since it rewrites the table.",
  evidence: ["blind_spot_crash_safety_{release}.tsv"],
  query: `
    SELECT c.oid::regclass::text AS name, CASE c.relpersistence WHEN 'p' THEN 'logged' ELSE 'unlogged' END AS kept
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence IN ('p', 'u')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  nameOf: ({ name }) => name ?? "",
  problemsOf: ({ name, kept }) => (kept === "logged" ? [] : [`${name} is unlogged: a crash empties it`]),
  doubtsOf: NO_DOUBTS,
  summaryOf: (rows) => `${rows.length} tables and sequences`,
  mutant: sqlMutant({
    what: "The table of the events to be delivered is made unlogged, to be quicker.",
    harm: ["ALTER TABLE outbox_events SET UNLOGGED"],
    shows:
      "SELECT 'relpersistence ' || relpersistence::text FROM pg_class WHERE relname = 'outbox_events' AND relpersistence = 'u'",
    heal: ["ALTER TABLE outbox_events SET LOGGED"],
  }),
});
