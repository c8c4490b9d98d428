import { defineSqlCheck, NO_DOUBTS } from "../engine/sql-check.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";

/** Is each index valid, and does each reference have one? */
export const indexes = defineSqlCheck({
  id: "indexes",
  title: "Invalid and missing indexes",
  question: "Is each index valid, and has each foreign key an index on the side that refers?",
  risk: "An index that failed to build is written and never read; a reference without one locks and scans whole tables.",
  passes: "no index is invalid or not ready, and each foreign key's columns begin an index",
  fix: "REINDEX INDEX CONCURRENTLY what is invalid; CREATE INDEX CONCURRENTLY on the columns of the key.",
  evidence: ["blind_spot_indexes_{release}.tsv"],
  query: `
    SELECT 'index' AS kind, i.indexrelid::regclass::text AS name, (i.indisvalid AND i.indisready)::text AS in_order
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    UNION ALL
    SELECT 'reference', f.conname || ' on ' || f.conrelid::regclass,
           EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indpred IS NULL
                    AND (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)::text
      FROM pg_constraint f WHERE f.contype = 'f'`,
  nameOf: ({ kind, name }) => `${kind ?? ""} ${name ?? ""}`,
  problemsOf: ({ kind, name, in_order: inOrder }) =>
    inOrder === "true" ? [] : [kind === "index" ? `${name} is invalid` : `${name} has no index`],
  doubtsOf: NO_DOUBTS,
  summaryOf: (rows) =>
    `${rows.filter(({ kind }) => kind === "index").length} indexes, ${rows.filter(({ kind }) => kind === "reference").length} references`,
  mutant: sqlMutant({
    what: "The index on fills.order_id is dropped, which a foreign key refers by.",
    harm: ["DROP INDEX fills_order_id_idx"],
    shows: "SELECT coalesce(to_regclass('fills_order_id_idx')::text, 'fills_order_id_idx is gone')",
    heal: ['CREATE INDEX fills_order_id_idx ON fills("order_id")'],
  }),
});
