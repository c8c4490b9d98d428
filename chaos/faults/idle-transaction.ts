import { text } from "../proxy/toxics/attribute-spec.ts";
import {
  DATABASE_SESSION,
  notInjected,
  openFaultSession,
  pidOf,
  tableName,
  WaitingSessions,
} from "./blocking-session.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({
  kind: "idle-transaction",
  specs: {
    table: text("the table whose rows it has locked", "positions", (table) =>
      table === "" ? "expected a name" : undefined,
    ),
  },
});

type IdleTransaction = FaultIn<typeof statement>;

/** A session has locked rows and does nothing more: a debugger, a console at lunch time, a lost worker. */
export const idleTransaction: FaultKind<IdleTransaction> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: ({ table }) => `the rows of ${table}`,
  summary: "a session locks all rows of a table and stays idle in its transaction",
  healing: "The transaction is rolled back and its connection closed.",
  label: ({ link, table }) => `a session idle in a transaction with all rows of ${table}, on ${link}`,
  async inject(fault, context): Promise<Injection> {
    const url = context.databaseUrlOf(fault.link);
    const holder = await openFaultSession(url, "idle-transaction");
    try {
      await holder.query(`BEGIN; SELECT 1 FROM ${tableName(fault.table)} FOR UPDATE`);
    } catch (error) {
      await holder.end();
      throw notInjected(`to lock the rows of ${fault.table}`, error);
    }
    const watcher = await openFaultSession(url, "idle-transaction-watch");
    const waiting = new WaitingSessions(watcher, [await pidOf(watcher)]);
    return {
      label: idleTransaction.label(fault),
      heal: async () => {
        await waiting.stop();
        await Promise.allSettled([holder.end(), watcher.end()]);
      },
      bite: async () => ({ kind: "counted", connections: waiting.count, bytes: 0, messages: null }),
    };
  },
};
