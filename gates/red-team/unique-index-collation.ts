import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { type TextRow, withClient } from "../engine/sql.ts";
import { reorderedIndex } from "./reordered-index.ts";

const VERSIONS = `SELECT 'database ' || datname AS name, datcollversion AS recorded,
    pg_database_collation_actual_version(oid) AS actual
  FROM pg_database WHERE datname = current_database()
  UNION ALL
  SELECT 'collation ' || collname, collversion, pg_collation_actual_version(oid) FROM pg_collation c
  WHERE collversion IS NOT NULL AND EXISTS (SELECT FROM pg_index i WHERE c.oid = ANY (i.indcollation))`;
const UNIQUE_INDEXES = `SELECT i.indexrelid::text AS oid, i.indexrelid::regclass::text AS name, i.indisvalid::text AS valid
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
    JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE i.indisunique AND a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY name`;
const SCHEMA = "SELECT extnamespace::regnamespace::text AS name FROM pg_extension WHERE extname = 'amcheck'";
/** What Postgres answers for an index, or for data, that are corrupt. */
const CORRUPT = new Set(["XX001", "XX002"]);

/** What amcheck says of an index. */
interface IndexFinding {
  readonly name: string;
  readonly kind: "sound" | "broken" | "unknown";
  readonly why: string;
}

type Ask = (query: string) => Promise<readonly TextRow[]>;

/** Do unique indexes have the order that their collation has now? */
export const uniqueIndexCollation = defineCheck({
  id: "unique-index-collation",
  title: "1. Collation of unique indexes",
  question: "Is each unique index in the order of the collation that the database uses now?",
  risk: "After an upgrade of the C library or of ICU an index has the old order: UNIQUE lets doubles in, and lookups miss rows.",
  command: `psql "$DATABASE_URL" -c 'CREATE EXTENSION IF NOT EXISTS amcheck' -c "SELECT indexrelid::regclass, bt_index_check(indexrelid, true) FROM pg_index WHERE indisunique" -c 'SELECT datcollversion, pg_database_collation_actual_version(oid) FROM pg_database'`,
  passes:
    "each recorded collation version is the actual one, and amcheck finds each unique index valid and complete",
  fix: "REINDEX INDEX CONCURRENTLY what is listed, remove doubles that it reports, then ALTER DATABASE … REFRESH COLLATION VERSION.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 120_000,
  maxAgeMs: 600_000,
  needs: ["database"],
  mutant: reorderedIndex,
  observe: async ({ database }, { clock, signal }: ProbeContext) => {
    const asOfMs = clock.nowMs();
    return withClient(database, signal, async (ask) => {
      const versions = await ask(VERSIONS);
      const indexes = await ask(UNIQUE_INDEXES);
      const findings = await examine(indexes, ask);
      const moved = versions.filter(({ recorded, actual }) => recorded !== actual);
      const ofKind = (kind: IndexFinding["kind"]) => findings.filter((each) => each.kind === kind);
      return {
        expected: ["collation versions", ...indexes.map(({ name }) => name ?? "")],
        examined: [
          ...(versions.length > 0 && indexes.length > 0 ? ["collation versions"] : []),
          ...findings.filter(({ kind }) => kind !== "unknown").map(({ name }) => name),
        ],
        acts: [],
        asOfMs,
        violations: [
          ...moved.map((row) => `${row.name}: ordered by version ${row.recorded}, now it is ${row.actual}`),
          ...ofKind("broken").map(({ name, why }) => `${name}: ${why}`),
        ],
        unclear: ofKind("unknown").map(({ name, why }) => `${name}: ${why}`),
        summary: `${ofKind("sound").length} of ${indexes.length} unique indexes sound, ${moved.length} collations changed`,
        texts: [
          [
            "1. Collation of unique indexes",
            ...versions.map((row) => `  ${row.name}: recorded ${row.recorded}, actual ${row.actual}`),
            ...findings.map(({ name, kind, why }) => `  ${name}: ${kind}${why === "" ? "" : `, ${why}`}`),
            "",
          ].join("\n"),
        ],
      };
    });
  },
});

/** Asks amcheck of each index. Where it is not installed, it is for the time of a transaction that is taken back. */
async function examine(indexes: readonly TextRow[], ask: Ask): Promise<readonly IndexFinding[]> {
  await ask("BEGIN");
  try {
    await ask("CREATE EXTENSION IF NOT EXISTS amcheck");
  } catch (error) {
    throw new Error(
      `Expected the extension amcheck, got: ${messageOf(error)}. Have a superuser run CREATE EXTENSION amcheck.`,
      { cause: error },
    );
  }
  const [schema] = await ask(SCHEMA);
  const findings: IndexFinding[] = [];
  for (const index of indexes) findings.push(await examineOne(index, schema?.name ?? "public", ask));
  await ask("ROLLBACK");
  return findings;
}

async function examineOne({ oid, name, valid }: TextRow, schema: string, ask: Ask): Promise<IndexFinding> {
  const named = { name: name ?? "" };
  if (valid !== "true")
    return { ...named, kind: "broken", why: "it is not valid, so it keeps nothing unique" };
  await ask("SAVEPOINT before_index");
  try {
    await ask(`SELECT ${schema}.bt_index_check(${oid}::oid::regclass, true)`);
    return { ...named, kind: "sound", why: "" };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    await ask("ROLLBACK TO before_index");
    return { ...named, kind: CORRUPT.has(code) ? "broken" : "unknown", why: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
