import { counted } from "../../core/index.ts";
import { defineSqlCheck, NO_DOUBTS } from "../engine/sql-check.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";

/** Is there one time, whoever connects? */
export const timeZone = defineSqlCheck({
  id: "time-zone",
  title: "Time zone and columns without one",
  question: "Is the database in UTC for everybody, and does each time that is stored know its zone?",
  risk: "A session in another zone reads expiries and trading days hours off, and once a year an hour comes twice.",
  passes:
    "the zone is UTC, no role or database sets another one, and no column is a timestamp without time zone",
  fix: "ALTER DATABASE … SET timezone = 'UTC'; make the columns timestamptz.",
  evidence: ["blind_spot_time_zone_{release}.tsv"],
  query: `
    SELECT 'zone' AS kind, current_setting('TimeZone') AS name
    UNION ALL
    SELECT 'setting', coalesce(r.rolname, 'every role') || ': ' || setting
      FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS setting
     WHERE setting ILIKE 'timezone=%' AND (s.setdatabase = 0 OR s.setdatabase =
           (SELECT oid FROM pg_database WHERE datname = current_database()))
    UNION ALL
    SELECT 'column', format('%s.%s.%s', table_schema, table_name, column_name) FROM information_schema.columns
     WHERE data_type = 'timestamp without time zone' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  nameOf: ({ kind, name }) => `${kind ?? ""} ${name ?? ""}`,
  problemsOf: ({ kind, name }) => {
    const value = name ?? "";
    if (kind === "column") return [`${value} is a timestamp without time zone`];
    return isUtc(value) ? [] : [`the time zone is ${value}, not UTC`];
  },
  doubtsOf: NO_DOUBTS,
  summaryOf: (rows) => `${rows[0]?.name ?? "unknown"}, ${counted(rows.length - 1, "exception")}`,
  mutant: sqlMutant({
    what: "The database gets the time zone Europe/Istanbul for everybody who connects.",
    harm: [
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Europe/Istanbul''', current_database()); END $$`,
    ],
    shows: "SELECT current_setting('TimeZone')",
    heal: [`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET timezone', current_database()); END $$`],
  }),
});

/** With or without what a setting names before it: `mara: TimeZone=UTC`. */
function isUtc(value: string): boolean {
  return /(?:^|=)(?:Etc\/)?(?:UTC|GMT)$/i.test(value);
}
