import { setTimeout as delay } from "node:timers/promises";
import { debuglog } from "node:util";
import type pg from "pg";
import { choice } from "../proxy/toxics/attribute-spec.ts";
import { DATABASE_SESSION, notInjected, openFaultSession } from "./blocking-session.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({
  kind: "foreign-statements",
  specs: {
    protocol: choice("how they are prepared: by PREPARE, or by messages of the protocol", [
      "sql",
      "extended",
    ]),
  },
  required: ["protocol"],
});

type ForeignStatements = FaultIn<typeof statement>;

const debug = debuglog("kanit-faults");
const PAUSE_MS = 20;
const NAME = "kanit_statement";

/** Another program behind the same pooler prepares statements by name, which stay on whichever connection it had. */
export const foreignStatements: FaultKind<ForeignStatements> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: ({ protocol }) => `statements prepared by ${protocol}`,
  summary: "another client prepares statements by name on the connections of the pool",
  healing: "The client leaves. What it prepared stays on the server's connections until those end.",
  label: ({ link, protocol }) => `statements prepared by ${protocol} on ${link}`,
  async inject(fault, context): Promise<Injection> {
    const client = await openFaultSession(context.databaseUrlOf(fault.link), "foreign-statements").catch(
      (error: unknown) => {
        throw notInjected("a session through the pooler", error);
      },
    );
    const stop = new AbortController();
    let statements = 0;
    const work = async (): Promise<void> => {
      for (let turn = 0; !stop.signal.aborted; turn++) {
        await prepare(client, fault.protocol, turn).catch((error: unknown) => debug("refused: %s", error));
        statements += 1;
        await delay(PAUSE_MS);
      }
    };
    const working = work();
    return {
      label: foreignStatements.label(fault),
      heal: async () => {
        stop.abort();
        await working;
        await client.end();
      },
      bite: async () => ({
        kind: "counted",
        connections: statements === 0 ? 0 : 1,
        bytes: 0,
        messages: statements,
      }),
    };
  },
};

/** Prepares and executes in two transactions, which a pooler may give to two connections. */
async function prepare(client: pg.Client, protocol: "sql" | "extended", turn: number): Promise<void> {
  if (protocol === "extended") {
    await client.query({ name: `${NAME}_${turn}`, text: "SELECT $1::int", values: [turn] });
    return;
  }
  await client.query(`PREPARE ${NAME}_${turn} AS SELECT $1::int`);
  await client.query(`EXECUTE ${NAME}_${turn} (${turn})`);
}
