import type pg from "pg";
import { postgresClient } from "../../network/index.ts";

/** One row of a statistics view, every column as text. */
export type TextRow = Readonly<Record<string, string | null>>;

const GOODBYE_TIMEOUT_MS = 200;

/** One connection that is kept between collections and reopened after a failure. */
export class ConsoleConnection {
  readonly #connectionString: string;
  readonly #connectTimeoutMs: number;
  #client: pg.Client | undefined;

  constructor(connectionString: string, connectTimeoutMs: number) {
    this.#connectionString = connectionString;
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  /** Host and port, for the `instance` label. */
  get instance(): string {
    return new URL(this.#connectionString).host;
  }

  /**
   * Runs the queries one after the other with the simple query protocol. When one fails, or the signal
   * aborts, the connection is closed, so that the next collection opens another.
   */
  async queryAll(queries: readonly string[], signal: AbortSignal): Promise<readonly (readonly TextRow[])[]> {
    signal.throwIfAborted();
    const client = await this.#connected();
    if (signal.aborted) {
      this.#destroy(client);
      throw signal.reason;
    }
    const abort = () => this.#destroy(client);
    signal.addEventListener("abort", abort, { once: true });
    try {
      const results: (readonly TextRow[])[] = [];
      for (const query of queries) results.push((await client.query<TextRow>(query)).rows);
      return results;
    } catch (cause) {
      this.#destroy(client);
      throw signal.aborted ? signal.reason : cause;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Ends the connection: with Terminate if the server answers, otherwise by closing the socket. */
  async close(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    const timer = setTimeout(() => client.connection.stream.destroy(), GOODBYE_TIMEOUT_MS);
    try {
      await client.end();
    } finally {
      clearTimeout(timer);
    }
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = postgresClient(this.#connectionString, {
      connectionTimeoutMillis: this.#connectTimeoutMs,
      types: { getTypeParser: () => String },
    });
    // Between collections no query is waiting that would report the error; the next one
    // opens another connection.
    client.on("error", () => this.#forget(client));
    await client.connect();
    this.#client = client;
    return client;
  }

  #forget(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
  }

  /** Closes the connection immediately: a server that does not answer would not answer Terminate either. */
  #destroy(client: pg.Client): void {
    this.#forget(client);
    client.connection.stream.destroy();
  }
}
