import { defineCheck } from "../engine/check.ts";
import { queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import { almostSpentSequence } from "./almost-spent-sequence.ts";

const MAX_USED_FRACTION = 0.7;
const SHOWN = 10;

/** Each sequence with the range of its own and of the column that it fills, whichever is smaller. */
const SEQUENCES = `
  SELECT format('%I.%I', s.schemaname, s.sequencename) AS sequence,
         coalesce(format('%s.%I', d.refobjid::regclass, a.attname), '') AS column_name,
         coalesce(format_type(a.atttypid, a.atttypmod), '') AS column_type,
         coalesce(s.last_value, 0)::text AS last_value,
         least(s.max_value, CASE a.atttypid
           WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
           ELSE 9223372036854775807 END)::text AS greatest,
         s.cycle::text AS cycles, has_sequence_privilege(c.oid, 'USAGE,SELECT')::text AS shown
    FROM pg_sequences s
    JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = to_regnamespace(quote_ident(s.schemaname))
    LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
                         AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   ORDER BY coalesce(s.last_value, 0)::numeric / least(s.max_value, CASE a.atttypid
           WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
           ELSE 9223372036854775807 END) DESC`;

/** Will a sequence run out, or does one lag behind its column? */
export const sequenceAnomalies = defineCheck({
  id: "sequence-anomalies",
  title: "Sequence anomalies",
  question: "Which sequences have used most of their range, also of the type of the column that they fill?",
  risk: "At the end of the range every insert fails; a sequence behind its column draws numbers that are taken.",
  command: `psql "$DATABASE_URL" -c 'SELECT sequencename, last_value, max_value FROM pg_sequences ORDER BY last_value::numeric / max_value DESC LIMIT 10'`,
  passes: `each has used at most ${MAX_USED_FRACTION * 100} % of its range and of its column's type, none cycles, and none is behind its column`,
  fix: "Widen the column to bigint before the release, or setval the sequence past the greatest value of the column.",
  evidence: ["sequences_{release}.txt"],
  deadlineMs: 20_000,
  maxAgeMs: 60_000,
  needs: ["database"],
  mutant: almostSpentSequence,
  observe: async ({ database }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const [before = []] = await queryRows(database, [SEQUENCES], signal);
    const filling = before.filter((row) => (row.column_name ?? "") !== "");
    const greatest = await queryRows(database, filling.map(greatestQuery), signal);
    // Read after the columns: a row that is written in between must not make a sequence seem to be behind its column.
    const [sequences = []] = await queryRows(database, [SEQUENCES], signal);
    const measured = sequences.map((row) => ({
      ...row,
      greatest_in_column: greatestOf(row, filling, greatest),
    }));
    const used = sequences.map(usedFraction);
    const most = Math.max(0, ...used);
    return {
      // A database without any sequence is in order too.
      expected: ["catalog", ...filling.map(nameOf)],
      examined: ["catalog", ...measured.map(nameOf)],
      acts: [],
      asOfMs,
      violations: measured.flatMap(problemsOf),
      unclear: sequences
        .filter(({ shown }) => shown !== "true")
        .map((row) => `${nameOf(row)} is not shown to this login: GRANT SELECT ON it`),
      summary: `${sequences.length} sequences, at most ${(most * 100).toFixed(1)} % used`,
      texts: [`# ${sequences.length} sequences, the ${SHOWN} most used\n${toTsv(measured.slice(0, SHOWN))}`],
    };
  },
});

function nameOf(row: TextRow): string {
  return row.sequence ?? "";
}

/** The column is the first one of an index as a rule, so that this reads one entry. */
function greatestQuery({ column_name: column }: TextRow): string {
  const [, table = "", name = ""] = /^(.*)\.([^.]+)$/.exec(column ?? "") ?? [];
  return `SELECT max(${name})::text AS greatest FROM ${table}`;
}

function greatestOf(
  row: TextRow,
  filling: readonly TextRow[],
  found: readonly (readonly TextRow[])[],
): string | null {
  return found[filling.findIndex((each) => nameOf(each) === nameOf(row))]?.[0]?.greatest ?? null;
}

function usedFraction(row: TextRow): number {
  return Number(row.last_value ?? 0) / Number(row.greatest ?? 1);
}

function problemsOf(row: TextRow): readonly string[] {
  const used = usedFraction(row);
  const behind = row.greatest_in_column ?? null;
  return [
    ...(used > MAX_USED_FRACTION
      ? [
          `${nameOf(row)} has used ${(used * 100).toFixed(1)} % of the range of ${row.column_name || "itself"} (${row.column_type || "no column"})`,
        ]
      : []),
    ...(row.cycles === "true" ? [`${nameOf(row)} begins again at its end`] : []),
    ...(behind !== null && BigInt(behind) > BigInt(row.last_value ?? "0")
      ? [`${nameOf(row)} is at ${row.last_value ?? "0"}, but ${row.column_name ?? ""} has ${behind} already`]
      : []),
  ];
}
