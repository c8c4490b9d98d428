import type { Instance, Row } from "../instance/instance.ts";
import type { Proof } from "./proof.ts";

const DATABASES = "SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname";

// amcheck has functions, and no aggregate: each index and table is asked about by itself, so that one that is
// damaged does not hide the others.
const CHECK_INDEXES = `CREATE EXTENSION IF NOT EXISTS amcheck;
CREATE FUNCTION pg_temp.problem_of_index(checked oid, is_unique bool) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM bt_index_check(checked::regclass, heapallindexed => true, checkunique => is_unique);
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END $$;
SELECT c.oid::regclass::text AS what, pg_temp.problem_of_index(c.oid, i.indisunique) AS problem
FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_am a ON a.oid = c.relam
WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence <> 't' AND i.indisvalid`;

const CHECK_TABLES = `CREATE FUNCTION pg_temp.problem_of_table(checked oid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT min(v.msg) FROM verify_heapam(checked::regclass, check_toast => true) v);
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END $$;
SELECT c.oid::regclass::text AS what, pg_temp.problem_of_table(c.oid) AS problem
FROM pg_class c JOIN pg_am a ON a.oid = c.relam
WHERE a.amname = 'heap' AND c.relkind IN ('r', 't', 'm') AND c.relpersistence <> 't'`;

// A constraint is checked again from its own definition: each row that breaks it is one too many.
const CONSTRAINTS = `SELECT conrelid::regclass::text || ': ' || conname AS what, contype::text AS type,
  conrelid::regclass::text AS tables, confrelid::regclass::text AS referenced, convalidated::text AS validated,
  CASE contype WHEN 'c' THEN pg_get_expr(conbin, conrelid) END AS expression,
  (SELECT string_agg(format('a.%I = b.%I', x.attname, y.attname), ' AND ' ORDER BY k.i)
     FROM unnest(conkey, confkey) WITH ORDINALITY AS k(own, other, i)
     JOIN pg_attribute x ON x.attrelid = conrelid AND x.attnum = k.own
     JOIN pg_attribute y ON y.attrelid = confrelid AND y.attnum = k.other) AS match,
  (SELECT string_agg(format('a.%I IS NOT NULL', x.attname), ' AND ')
     FROM unnest(conkey) AS k(own) JOIN pg_attribute x ON x.attrelid = conrelid AND x.attnum = k.own) AS present
FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid <> 0
  AND connamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`;

const SEQUENCES = `SELECT format('%s of %s.%s', s.oid::regclass, t.oid::regclass, a.attname) AS what,
  s.oid::regclass::text AS sequence, t.oid::regclass::text AS tables, quote_ident(a.attname) AS columns
FROM pg_class s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
  AND d.refclassid = 'pg_class'::regclass
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S'`;

/**
 * Proves that a restored server's data hold together, in each of its databases: every B-tree index finds every row of
 * its table, every table's pages are as they were written, every constraint holds for every row, and every sequence is
 * ahead of its column. That it started proves none of this.
 */
export async function proveStructure(instance: Instance): Promise<readonly Proof[]> {
  const names = (await instance.query("postgres", DATABASES)).map(({ datname }) => datname ?? "");
  const proofs = new Map<string, { examined: number; violations: string[] }>();
  const add = (name: string, what: string, problem: string | null) => {
    const proof = proofs.get(name) ?? { examined: 0, violations: [] };
    proofs.set(name, proof);
    proof.examined += 1;
    if (problem !== null) proof.violations.push(`${what}: ${problem}`);
  };
  for (const database of names) {
    const query = (text: string) => instance.query(database, text);
    const located = ({ what }: Row) => `${database}, ${what ?? ""}`;
    for (const row of await query(CHECK_INDEXES)) add("indexes", located(row), row.problem ?? null);
    for (const row of await query(CHECK_TABLES)) add("tables", located(row), row.problem ?? null);
    for (const row of await query(CONSTRAINTS))
      add("constraints", located(row), await problemOf(brokenRows(query, row)));
    for (const row of await query(SEQUENCES))
      add("sequences", located(row), await problemOf(behindColumn(query, row)));
  }
  return ["indexes", "tables", "constraints", "sequences"].map((name) => ({
    name,
    ...(proofs.get(name) ?? { examined: 0, violations: [] }),
  }));
}

/** A question that the server cannot answer, such as one about a damaged page, is a problem like a bad answer. */
function problemOf(answer: Promise<string | null>): Promise<string | null> {
  return answer.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}

type Query = (text: string) => Promise<readonly Row[]>;

async function brokenRows(query: Query, constraint: Row): Promise<string | null> {
  const { type, tables, referenced, expression, match, present, validated } = constraint;
  const condition =
    type === "c"
      ? `NOT (${expression})`
      : `${present} AND NOT EXISTS (SELECT FROM ${referenced} b WHERE ${match})`;
  const [row] = await query(`SELECT count(*)::text AS broken FROM ${tables} a WHERE ${condition}`);
  if (row?.broken !== "0") return `${row?.broken ?? "no answer about"} rows break it`;
  return validated === "true" ? null : "it was never validated";
}

async function behindColumn(query: Query, { sequence, tables, columns }: Row): Promise<string | null> {
  const [row] = await query(
    `SELECT (SELECT last_value FROM ${sequence})::text AS last, max(${columns})::text AS highest,
     (SELECT last_value FROM ${sequence}) < max(${columns}) AS behind FROM ${tables}`,
  );
  return row?.behind === "t" || row?.behind === "true"
    ? `it stands at ${row.last}, and the column has ${row.highest} already`
    : null;
}
