import type pg from "pg";
import { text, wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { DATABASE_SESSION, notInjected, openFaultSession, tableName } from "./blocking-session.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({
  kind: "sequence-exhausted",
  specs: {
    table: text("the table", "outbox_events", (table) => (table === "" ? "expected a name" : undefined)),
    column: text("the column that the sequence fills", "id", (column) =>
      column === "" ? "expected a name" : undefined,
    ),
    left: wholeNumber("count", "how many numbers are left", { fallback: 10, min: 1, max: 1_000_000 }),
  },
});

type SequenceExhausted = FaultIn<typeof statement>;

/** A sequence has come to its end: a serial column of four bytes after two thousand million rows. */
export const sequenceExhausted: FaultKind<SequenceExhausted> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: ({ table, column }) => `the sequence of ${table}.${column}`,
  summary: "the sequence of a column has no numbers left, and each insert fails",
  healing: "The sequence gets the greatest number of its type again.",
  label: ({ link, table, column, left }) =>
    `the sequence of ${table}.${column} ends after ${left} on ${link}`,
  async inject(fault, context): Promise<Injection> {
    const client = await openFaultSession(context.databaseUrlOf(fault.link), "sequence-exhausted");
    try {
      const sequence = await sequenceOf(client, fault);
      const last = await lastOf(client, sequence);
      const most = last + BigInt(fault.left);
      await client.query(`ALTER SEQUENCE ${sequence} MAXVALUE ${most}`);
      let reached = 0;
      return {
        label: sequenceExhausted.label(fault),
        heal: async () => {
          reached = (await lastOf(client, sequence)) >= most ? 1 : 0;
          await client.query(`ALTER SEQUENCE ${sequence} NO MAXVALUE`);
          await client.end();
        },
        bite: async () => ({ kind: "counted", connections: reached, bytes: 0, messages: null }),
      };
    } catch (error) {
      await client.end();
      throw notInjected(`a sequence of ${fault.table}.${fault.column}`, error);
    }
  },
};

/** The sequence's name as SQL. */
async function sequenceOf(client: pg.Client, { table, column }: SequenceExhausted): Promise<string> {
  const { rows } = await client.query<{ name: string | null }>(
    "SELECT pg_get_serial_sequence($1, $2) AS name",
    [tableName(table), column],
  );
  const name = rows[0]?.name ?? null;
  if (name === null) throw new Error("the column has none");
  return name;
}

async function lastOf(client: pg.Client, sequence: string): Promise<bigint> {
  const { rows } = await client.query<{ last: string }>(`SELECT last_value::text AS last FROM ${sequence}`);
  return BigInt(rows[0]?.last ?? "0");
}
