import { Socket } from "node:net";
import { debuglog } from "node:util";
import type pg from "pg";
import { UnavailableError } from "../../core/index.ts";
import { postgresClient } from "../../network/index.ts";
import { wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { DATABASE_SESSION } from "./blocking-session.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({
  kind: "hold-connections",
  specs: {
    connections: wholeNumber("count", "how many clients", { min: 1, max: 10_000 }),
    connectTimeout: wholeNumber("ms", "ms that a client waits for its transaction before it gives up", {
      fallback: 1_000,
      min: 1,
    }),
  },
  required: ["connections"],
});

const debug = debuglog("kanit-faults");

type HoldConnections = FaultIn<typeof statement>;

/** The time for a holder's ROLLBACK and Terminate before its socket is destroyed. */
const GOODBYE_DEADLINE_MS = 1_000;

/** Clients keep transactions open until the pool has no connection left: a leak, a forgotten COMMIT. */
export const holdConnections: FaultKind<HoldConnections> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: () => null,
  summary: "clients keep transactions open until the pool is exhausted",
  healing: "Every transaction is rolled back and its connection closed.",
  label: ({ link, connections }) => `${connections} connections held on ${link}`,
  async inject(fault, context): Promise<Injection> {
    const url = context.databaseUrlOf(fault.link);
    const attempts = await Promise.all(Array.from({ length: fault.connections }, () => hold(fault, url)));
    const holders = attempts.filter((attempt) => attempt.held);
    const refused = attempts.filter((attempt) => !attempt.held);
    if (holders.length === 0) failUnlessBusy(refused, url);
    const reasons = [...new Set(refused.map(({ error }) => error.message))].join("; ");
    return {
      label:
        `${holders.length} connections held on ${fault.link}` +
        (refused.length === 0 ? "" : `, ${refused.length} more refused (${reasons})`),
      heal: async () => {
        await Promise.all(holders.map((holder) => release(holder)));
      },
      bite: async () => ({ kind: "counted", connections: holders.length, bytes: 0, messages: null }),
    };
  },
};

interface Holder {
  readonly held: true;
  readonly client: pg.Client;
  readonly socket: Socket;
}

interface RefusedHolder {
  readonly held: false;
  readonly error: Error;
}

/** One client in an open transaction, or why it could not open one in time. */
async function hold({ connectTimeoutMs }: HoldConnections, url: string): Promise<Holder | RefusedHolder> {
  const socket = new Socket();
  const client = postgresClient(url, {
    application_name: "kanit-hold-connections",
    stream: () => socket,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
  });
  // The platform's own recovery may end the transaction; the holder is then gone.
  client.on("error", () => socket.destroy());
  try {
    await client.connect();
    await client.query("BEGIN; SELECT 1");
    return { held: true, client, socket };
  } catch (error) {
    socket.destroy();
    return { held: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/**
 * A pool that is exhausted refuses clients without an answer or with known errors; any other
 * error means a wrong URL.
 */
function failUnlessBusy(turnedAway: readonly RefusedHolder[], url: string): void {
  const other = turnedAway.find(
    ({ error }) => !/time(d )?out|too many|no more connections/i.test(error.message),
  );
  if (other === undefined) return;
  const { username, host, pathname } = new URL(url);
  throw new UnavailableError({
    code: "database-unreachable",
    message: `Expected a transaction at postgres://${username}@${host}${pathname}, got: ${other.error.message}.`,
    nextStep: "Check that the link's upstream runs, and that its URL, user and database are right.",
    cause: other.error,
  });
}

async function release({ client, socket }: Holder): Promise<void> {
  const cut = setTimeout(() => socket.destroy(), GOODBYE_DEADLINE_MS);
  try {
    await client.query("ROLLBACK");
    await client.end();
  } catch (error) {
    debug("a holder's connection did not close cleanly: %s", error);
    socket.destroy(); // The server rolls back when the connection closes.
  } finally {
    clearTimeout(cut);
  }
}
