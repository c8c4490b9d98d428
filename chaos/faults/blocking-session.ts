import { setInterval } from "node:timers/promises";
import { debuglog } from "node:util";
import pg from "pg";
import { UnavailableError } from "../../core/index.ts";
import { postgresClient } from "../../network/index.ts";

const debug = debuglog("kanit-faults");
const CONNECT_TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 50;
const WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND pid <> ALL ($1::int[])";

/** What all faults have in common that are a session with the database: no toxic, on the link of a database. */
export const DATABASE_SESSION = {
  toxic: null,
  needs: "toxiproxy",
  livesIn: "process",
  protocol: "postgres",
  stopsAll: false,
} as const;

/** Opens a session with the database for a fault. Its end by the database is no error: then the fault is over. */
export async function openFaultSession(url: string, name: string): Promise<pg.Client> {
  const client = postgresClient(url, {
    application_name: `kanit-${name}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on("error", (error) => debug("a session of %s ended: %s", name, error));
  await client.connect();
  return client;
}

/** The sessions that were seen waiting for a lock, looked for until it is stopped. */
export class WaitingSessions {
  readonly #seen = new Set<number>();
  readonly #stop = new AbortController();
  readonly #looking: Promise<void>;

  /** @param own the sessions of the fault itself, by their process ids. */
  constructor(client: pg.Client, own: readonly number[]) {
    this.#looking = this.#look(client, own).catch((error: unknown) => debug("no more looks: %s", error));
  }

  get count(): number {
    return this.#seen.size;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #look(client: pg.Client, own: readonly number[]): Promise<void> {
    for await (const _ of setInterval(LOOK_EVERY_MS, undefined, { signal: this.#stop.signal })) {
      const { rows } = await client.query<{ pid: number }>(WAITING, [own]);
      for (const { pid } of rows) this.#seen.add(pid);
    }
  }
}

/** The process that serves a session. */
export async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid ?? 0;
}

/** A table's name as SQL: `orders`, or with its schema. */
export const tableName = (table: string): string => table.split(".").map(pg.escapeIdentifier).join(".");

/** The error for a fault that the database did not take. */
export function notInjected(what: string, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "fault-not-injected",
    message: `Expected ${what}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
    nextStep: "Check that the database is up, and that it has this table.",
    cause,
  });
}
