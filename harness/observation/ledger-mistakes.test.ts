import { describe, expect, it } from "vitest";
import { ledgerMistakes, type ReturnedColumn } from "./ledger-mistakes.ts";
import { columnsOf, LEDGER_TABLES } from "./ledger-rows.ts";

const TYPE = { text: "text", boolean: "bool", "whole number": "int4" } as const;

function fitting(table: (typeof LEDGER_TABLES)[number]): readonly ReturnedColumn[] {
  return columnsOf(table).map(({ name, kind }) => ({ name, type: TYPE[kind], isEnum: false }));
}

const changed = (
  table: (typeof LEDGER_TABLES)[number],
  name: string,
  change: Partial<ReturnedColumn>,
): readonly ReturnedColumn[] =>
  fitting(table).map((column) => (column.name === name ? { ...column, ...change } : column));

describe("the columns of a ledger", () => {
  it.each(LEDGER_TABLES)(
    "of %s are right with all that there may be, and without what may be left out",
    (table) => {
      expect(ledgerMistakes(table, fitting(table))).toEqual([]);
      const required = columnsOf(table).filter(({ isRequired }) => isRequired);
      expect(
        ledgerMistakes(
          table,
          fitting(table).filter(({ name }) => required.some((it) => it.name === name)),
        ),
      ).toEqual([]);
    },
  );

  it("may be more than kanit reads", () => {
    expect(
      ledgerMistakes("fills", [...fitting("fills"), { name: "desk", type: "jsonb", isEnum: false }]),
    ).toEqual([]);
  });

  it.each([["numeric"], ["int8"], ["uuid"], ["varchar"]])("are texts too as %s", (type) => {
    expect(ledgerMistakes("fills", changed("fills", "price", { type }))).toEqual([]);
  });

  it("are texts too as an enumeration", () => {
    expect(
      ledgerMistakes("orders", changed("orders", "status", { type: "order_status", isEnum: true })),
    ).toEqual([]);
  });

  it.each([
    [
      changed("orders", "executed_quantity", { name: "executed_qty" }),
      "expected the column executed_quantity, got none; the nearest that it returns is executed_qty",
      "write executed_qty AS executed_quantity",
    ],
    [
      fitting("orders").filter(({ name }) => name !== "order_id"),
      "expected the column order_id, got none",
      "add … AS order_id",
    ],
    [
      changed("orders", "account_id", { name: "acount_id" }),
      "expected the column account_id, got none; the nearest that it returns is acount_id",
      "write acount_id AS account_id",
    ],
    [
      changed("orders", "settled", { type: "text" }),
      "expected the column settled to be a boolean, got text",
      "write …::boolean AS settled",
    ],
    [
      changed("orders", "executed_quantity", { type: "float8" }),
      "expected the column executed_quantity to be text, got float8",
      "write …::text AS executed_quantity",
    ],
    [
      changed("orders", "undelivered_events", { type: "int8" }),
      "expected the column undelivered_events to be a whole number, got int8",
      "write …::int AS undelivered_events",
    ],
  ])("are wrong in one line, with the nearest that exists and what to write", (returned, problem, fix) => {
    const [mistake, ...others] = ledgerMistakes("orders", returned);
    expect(others).toEqual([]);
    expect(mistake).toMatchObject({ table: "orders", problem, fix });
  });
});
