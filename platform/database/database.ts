import pg from "pg";
import type { Defects } from "../defects.ts";
import { DatabaseUnavailableError, messageOf } from "../errors.ts";
import { isUnavailable } from "./sql-state.ts";

/** What runs a statement: the database itself (each statement its own transaction) or an open transaction. */
export interface Queryable {
  /** @throws DatabaseUnavailableError when the statement was not executed, or when that cannot be known. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** An open transaction. */
export interface Transaction extends Queryable {
  /**
   * Adds statements that are sent in the same message as COMMIT, so that their locks are not held for another
   * round trip. Their values are written into the text: see `pg.escapeLiteral`.
   */
  commitWith(text: string): void;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  /** The longest wait for a connection, and again for each statement. */
  readonly timeoutMs: number;
  readonly defects: Defects;
  /** Called with the errors of idle connections. */
  readonly onIdleError: (error: Error) => void;
}

/** The number of the pool's connections in each state. */
export interface PoolState {
  readonly active: number;
  readonly idle: number;
  readonly waitingRequests: number;
}

/**
 * A pool of connections that works behind a transaction-pooling pgBouncer: no named statements, no session
 * state, no locks that outlive a transaction. A connection whose state is in doubt is closed, never reused.
 */
export class Database implements Queryable {
  readonly #pool: pg.Pool;
  readonly #options: DatabaseOptions;
  readonly #connections = new Set<pg.PoolClient>();
  #ended = false;
  #committed = 0;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      connectionTimeoutMillis: options.timeoutMs,
      // The client enforces the timeout itself: pgBouncer refuses statement_timeout among the startup
      // parameters.
      query_timeout: options.timeoutMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    });
    this.#pool.on("error", options.onIdleError);
    this.#pool.on("connect", (client) => {
      this.#connections.add(client);
      // A connection that breaks between two statements of a transaction also emits an error event, and an
      // unhandled error event ends the process. The next statement fails, and that failure is handled.
      client.on("error", options.onIdleError);
    });
    this.#pool.on("remove", (client) => this.#connections.delete(client));
  }

  get state(): PoolState {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { active: totalCount - idleCount, idle: idleCount, waitingRequests: waitingCount };
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = await this.#connect();
    try {
      const { rows } = await client.query<Row>(text, [...values]);
      client.release();
      return rows;
    } catch (error) {
      const unavailable = asUnavailable(error);
      client.release(unavailable !== undefined);
      throw unavailable ?? error;
    }
  }

  /**
   * Runs the work in one transaction. When this throws a DatabaseUnavailableError, the transaction may have
   * been committed nevertheless (the answer to COMMIT was lost), so the work must be safe to run again.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    let last = "";
    const transaction: Transaction = {
      query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) => {
        this.#refuseWhenEnded();
        return (await client.query<Row>(text, [...values])).rows;
      },
      commitWith: (text) => {
        last = `${text}; `;
      },
    };
    try {
      await client.query(`BEGIN; SET LOCAL statement_timeout = ${this.#options.timeoutMs}`);
      const result = await work(transaction);
      this.#refuseWhenEnded();
      await client.query(`${last}COMMIT`);
      this.#committed += 1;
      if (this.#options.defects.has("held-connections") && this.#committed % 100 === 0) return result; // DEFECT held-connections
      client.release();
      return result;
    } catch (error) {
      const unavailable = asUnavailable(error);
      if (this.#options.defects.has("pool-leak")) throw unavailable ?? error; // DEFECT pool-leak
      // Closing the connection makes the server roll back, even when the server no longer answers.
      client.release(true);
      throw unavailable ?? error;
    }
  }

  /**
   * Closes every connection immediately, also those in use, and rejects later calls: nothing that began
   * before may write afterwards.
   */
  end(): void {
    this.#ended = true;
    this.#pool.end().catch(this.#options.onIdleError);
    for (const client of this.#connections)
      (client as unknown as pg.Client).end().catch(this.#options.onIdleError);
  }

  async #connect(): Promise<pg.PoolClient> {
    this.#refuseWhenEnded();
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw asUnavailable(error) ?? error;
    }
    if (!this.#ended) return client;
    client.release(true);
    return this.#refuseWhenEnded() ?? client;
  }

  #refuseWhenEnded(): undefined {
    if (!this.#ended) return undefined;
    throw new DatabaseUnavailableError({
      code: "database-ended",
      message: "Expected an open pool, but it was ended.",
      nextStep: "The pool was closed while the request was running: send it again.",
    });
  }
}

function asUnavailable(error: unknown): DatabaseUnavailableError | undefined {
  if (error instanceof DatabaseUnavailableError) return error;
  if (!isUnavailable(error)) return undefined;
  return new DatabaseUnavailableError({
    code: "database-unavailable",
    message: `Expected the database to answer, got: ${messageOf(error)}.`,
    nextStep: "Send the request again later; with the same idempotency key that is safe.",
    cause: error,
  });
}
