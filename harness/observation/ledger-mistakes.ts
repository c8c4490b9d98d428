import { nearestTo } from "../../core/index.ts";
import { columnsOf, type LedgerColumn, type LedgerTable } from "./ledger-rows.ts";

/** A column as a query returns it. */
export interface ReturnedColumn {
  readonly name: string;
  /** As Postgres calls it: `numeric`, `timestamptz`. */
  readonly type: string;
  /** Whether it is an enumeration, whose values come as texts. */
  readonly isEnum: boolean;
}

/** What is wrong with a query of the books. */
export interface LedgerMistake {
  readonly table: LedgerTable;
  /** The column that is meant; null for the whole query. */
  readonly column: string | null;
  /** One line: what was expected and what came. */
  readonly problem: string;
  /** What to change. */
  readonly fix: string;
}

/** Types whose values reach kanit as exact texts. */
const TEXTS = ["text", "varchar", "bpchar", "name", "uuid", "numeric", "int8"];

const TYPES: Readonly<Record<LedgerColumn["kind"], readonly string[]>> = {
  text: TEXTS,
  boolean: ["bool"],
  "whole number": ["int2", "int4"],
};

const CASTS: Readonly<Record<LedgerColumn["kind"], string>> = {
  text: "text",
  boolean: "boolean",
  "whole number": "int",
};

/** Compares the columns that a query of the books returns with those that it must and may have. */
export function ledgerMistakes(
  table: LedgerTable,
  returned: readonly ReturnedColumn[],
): readonly LedgerMistake[] {
  const columns = columnsOf(table);
  const unclaimed = returned.filter(({ name }) => !columns.some((column) => column.name === name));
  const missing = columns.filter(({ name }) => !returned.some((column) => column.name === name));
  return [
    ...missing.flatMap((column) => missingColumn(table, column, unclaimed)),
    ...columns.flatMap((column) => {
      const came = returned.find(({ name }) => name === column.name);
      return came === undefined ? [] : wrongType(table, column, came);
    }),
  ];
}

function missingColumn(
  table: LedgerTable,
  { name, isRequired }: LedgerColumn,
  unclaimed: readonly ReturnedColumn[],
): readonly LedgerMistake[] {
  const nearest = nearestTo(
    name,
    unclaimed.map((column) => column.name),
  );
  const meant = nearest.kind === "meant" ? nearest.name : null;
  // A column of the query's own is no mistake, unless it looks like one that may be left out.
  if (!isRequired && meant === null) return [];
  const others = nearest.kind === "nearest" ? nearest.names : [];
  const near = meant ?? (others.length === 0 ? null : others.join(", "));
  const got = near === null ? "none" : `none; the nearest that it returns is ${near}`;
  return [
    {
      ...{ table, column: name },
      problem: `expected the column ${name}, got ${got}`,
      fix: meant === null ? `add … AS ${name}` : `write ${meant} AS ${name}`,
    },
  ];
}

function wrongType(
  table: LedgerTable,
  { name, kind }: LedgerColumn,
  { type, isEnum }: ReturnedColumn,
): readonly LedgerMistake[] {
  if (TYPES[kind].includes(type) || (kind === "text" && isEnum)) return [];
  return [
    {
      ...{ table, column: name },
      problem: `expected the column ${name} to be ${kind === "text" ? "text" : `a ${kind}`}, got ${type}`,
      fix: `write …::${CASTS[kind]} AS ${name}`,
    },
  ];
}
