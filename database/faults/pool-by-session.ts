import type pg from "pg";
import type { PoolChange } from "../../chaos/index.ts";
import { postgresClient } from "../../network/index.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Lets a running pgBouncer pool by session, until its own settings are read again. */
export async function poolBySession(consoleUrl: string, connections: number): Promise<PoolChange> {
  const console = postgresClient(consoleUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  console.on("error", () => undefined);
  await console.connect();
  await console.query(`SET default_pool_size = '${connections}'`);
  await console.query("SET pool_mode = 'session'");
  return {
    waiting: () => waitingIn(console),
    restore: async () => {
      await console.query("RELOAD");
      await console.end();
    },
  };
}

async function waitingIn(console: pg.Client): Promise<number> {
  const { rows } = await console.query<{ cl_waiting: number | string }>("SHOW POOLS");
  return rows.reduce((sum, { cl_waiting }) => sum + Number(cl_waiting), 0);
}
