import { defineCheck } from "../engine/check.ts";
import { numberIn, queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import { unvacuumedTable } from "./unvacuumed-table.ts";

const SHOWN = 5;
const MAX_DEAD_FRACTION = 0.2;
/** A small table is dead in large part after a few updates, and it costs nothing. */
const LEAST_DEAD_ROWS = 10_000;
/** A table of more pages must have been counted. */
const LEAST_PAGES = 1_000;

const TABLES = `
  SELECT format('%I.%I', s.schemaname, s.relname) AS table_name, s.n_live_tup::text AS live, s.n_dead_tup::text AS dead,
         pg_table_size(s.relid)::text AS bytes, (pg_table_size(s.relid) / 8192)::text AS pages,
         coalesce(greatest(s.last_autovacuum, s.last_vacuum)::text, 'never') AS vacuumed,
         coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
                    WHERE option_name = 'autovacuum_enabled'), 'true') AS autovacuum
    FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
   ORDER BY s.n_dead_tup DESC, s.relname`;

/** Do dead rows pile up? */
export const postgresBloat = defineCheck({
  id: "postgres-bloat",
  title: "Postgres bloat",
  question: "Do dead rows pile up in a table, since nothing cleans it?",
  risk: "Indexes and tables grow until the queries of a release are slow, and wraparound comes nearer.",
  command: `psql "$DATABASE_URL" -c 'SELECT relname, n_live_tup, n_dead_tup, last_autovacuum FROM pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 5'`,
  passes: `no table has more than ${LEAST_DEAD_ROWS} dead rows that are ${MAX_DEAD_FRACTION * 100} % of it, and autovacuum is on everywhere`,
  fix: "VACUUM (ANALYZE) the table; end the transaction that keeps it from working; turn autovacuum on.",
  evidence: ["pg_dead_tuples_top5.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["database"],
  mutant: unvacuumedTable,
  observe: async ({ database }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const [tables = [], settings = []] = await queryRows(
      database,
      [TABLES, "SELECT current_setting('autovacuum') AS autovacuum"],
      signal,
    );
    const names = tables.map((row) => row.table_name ?? "");
    const [worst] = tables;
    return {
      expected: names,
      examined: names,
      acts: [],
      asOfMs,
      violations: [
        ...(settings[0]?.autovacuum === "off" ? ["autovacuum is off in the whole database"] : []),
        ...tables.flatMap(problemsOf),
      ],
      unclear: tables.flatMap(uncounted),
      summary: `${tables.length} tables, most dead rows: ${worst?.table_name ?? "none"} ${worst?.dead ?? ""}`,
      texts: [toTsv(tables.slice(0, SHOWN))],
    };
  },
});

function problemsOf(row: TextRow): readonly string[] {
  const dead = numberIn(row, "dead");
  const all = dead + numberIn(row, "live");
  return [
    ...(dead > LEAST_DEAD_ROWS && dead / all > MAX_DEAD_FRACTION
      ? [
          `${row.table_name} has ${dead} dead rows, ${((dead / all) * 100).toFixed(0)} % of it; vacuumed: ${row.vacuumed}`,
        ]
      : []),
    ...(row.autovacuum === "false" || row.autovacuum === "off"
      ? [`${row.table_name}: autovacuum is off`]
      : []),
  ];
}

/** After a crash the statistics are empty, and a table full of dead rows looks like a new one. */
function uncounted(row: TextRow): readonly string[] {
  const counted = numberIn(row, "dead") + numberIn(row, "live");
  return numberIn(row, "pages") > LEAST_PAGES && counted === 0
    ? [`${row.table_name} has ${row.pages} pages, but no statistics: ANALYZE it`]
    : [];
}
