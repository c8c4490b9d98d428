import type pg from "pg";
import { postgresClient } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";
import { queryRows } from "../engine/sql.ts";

const CLIENTS = 16;
const CONNECT_MS = 5_000;
const POLL_MS = 50;

/** Sixteen clients keep a transaction open: more than a pool of the lab has connections. */
export const heldPool: Mutant = {
  what: `${CLIENTS} clients begin a transaction through pgBouncer and do not end it, as after a forgotten COMMIT.`,
  apply: async ({ lab, signal, clock }) => {
    const { poolerUrl, poolerAdminUrl } = lab.addresses;
    const clients = Array.from({ length: CLIENTS }, () =>
      postgresClient(poolerUrl, { connectionTimeoutMillis: CONNECT_MS }),
    );
    const begun = clients.map((client) => begin(client));
    const release = async () => {
      for (const client of clients) client.connection.stream.destroy();
      await Promise.all(begun);
    };
    try {
      const waiting = await untilWaiting(poolerAdminUrl, signal, (ms) => clock.sleep(ms, signal));
      return {
        effect: `SHOW POOLS: ${waiting} clients wait`,
        parts: {},
        [Symbol.asyncDispose]: release,
      };
    } catch (error) {
      await release();
      throw error;
    }
  },
};

/** Resolves when the transaction has begun or the connection is gone: those that wait never begin. */
async function begin(client: pg.Client): Promise<void> {
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("BEGIN; SELECT 1");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

async function untilWaiting(
  console: string,
  signal: AbortSignal,
  pause: (durationMs: number) => Promise<void>,
): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const [pools = []] = await queryRows(console, ["SHOW POOLS"], signal);
    const waiting = pools.reduce((sum, row) => sum + Number(row.cl_waiting ?? 0), 0);
    if (waiting > 0) return waiting;
    await pause(POLL_MS);
  }
}
