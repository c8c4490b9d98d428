import { setTimeout as delay } from "node:timers/promises";
import { debuglog } from "node:util";
import pg from "pg";
import { UnavailableError } from "../../core/index.ts";
import { postgresClient } from "../../network/index.ts";
import { text, wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { DATABASE_SESSION } from "./blocking-session.ts";
import type { FaultContext, FaultKind, Injection } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";

const statement = stateFault({
  kind: "hold-lock",
  specs: {
    table: text("the table; readers are not affected", "orders", (table) =>
      table === "" ? "expected a name" : undefined,
    ),
    hold: wholeNumber("ms", "how long each lock is held", { fallback: 400, min: 1, max: 60_000 }),
    pause: wholeNumber("ms", "the pause between two locks", { fallback: 100, max: 60_000 }),
  },
});

type HoldLock = FaultIn<typeof statement>;

const debug = debuglog("kanit-faults");
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * The sessions that wait for the holder. Queried in the holder's own session, so that it
 * needs no other connection.
 */
const WAITING =
  "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";

/**
 * A session repeatedly locks a table against writers: a migration, a report that updates, a forgotten batch
 * job.
 */
export const holdLock: FaultKind<HoldLock> = {
  ...statement,
  ...DATABASE_SESSION,
  exclusive: ({ table }) => `the lock on ${table}`,
  summary: "a session locks a table against writers repeatedly",
  healing: "The transaction is rolled back and its connection closed.",
  label: ({ link, table, holdMs, pauseMs }) =>
    `lock on ${table} held for ${holdMs} ms of every ${holdMs + pauseMs} ms on ${link}`,
  async inject(fault, context): Promise<Injection> {
    const session = await LockingSession.open(fault, context);
    return {
      label: holdLock.label(fault),
      heal: () => session.end(),
      bite: async () => ({ kind: "counted", connections: session.kept, bytes: 0, messages: null }),
    };
  },
};

/** A client that acquires and releases the lock in turns, until it is ended. */
class LockingSession {
  readonly #client: pg.Client;
  readonly #fault: HoldLock;
  readonly #stop = new AbortController();
  readonly #waited = new Set<number>();
  #turns: Promise<void> = Promise.resolve();

  private constructor(client: pg.Client, fault: HoldLock) {
    this.#client = client;
    this.#fault = fault;
  }

  /** Resolves when the lock is acquired for the first time. */
  static async open(fault: HoldLock, { databaseUrlOf }: FaultContext): Promise<LockingSession> {
    const client = postgresClient(databaseUrlOf(fault.link), {
      application_name: "kanit-hold-lock",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    const session = new LockingSession(client, fault);
    // Recovery of the database may end the session; then there is no lock.
    client.on("error", (error) => session.#stop.abort(error));
    try {
      await client.connect();
      await session.#lock();
    } catch (error) {
      await client.end();
      throw notLocked(fault, error);
    }
    session.#turns = session.#takeTurns().catch((error) => debug("the lock is no longer held: %s", error));
    return session;
  }

  /** How many sessions were observed waiting for it. */
  get kept(): number {
    return this.#waited.size;
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#turns;
    // Closing the connection rolls back; a broken connection has nothing to roll back.
    await this.#client.end().catch((error) => debug("the session ended unexpectedly: %s", error));
  }

  async #lock(): Promise<void> {
    const table = this.#fault.table.split(".").map(pg.escapeIdentifier).join(".");
    await this.#client.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
  }

  async #takeTurns(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await pause(this.#fault.holdMs, signal);
      const { rows } = await this.#client.query<{ pid: number }>(WAITING);
      for (const { pid } of rows) this.#waited.add(pid);
      await this.#client.query("ROLLBACK");
      await pause(this.#fault.pauseMs, signal);
      if (!signal.aborted) await this.#lock();
    }
  }
}

/** Waits, or returns early when the fault is ended. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function notLocked({ table, link }: HoldLock, cause: unknown): UnavailableError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UnavailableError({
    code: "lock-not-held",
    message: `Expected a lock on the table ${table} on ${link}, got: ${why}.`,
    nextStep: "Check that the database is up, and that it has this table.",
    cause,
  });
}
