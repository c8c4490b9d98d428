import type pg from "pg";
import { postgresClient } from "../../network/index.ts";

/** One row of a statistics view, every column as text. */
export type TextRow = Readonly<Record<string, string | null>>;

const GOODBYE_TIMEOUT_MS = 200;

/** One connection that is kept from collection to collection and opened again after a failure. */
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
   * Runs the queries one after the other with the simple query protocol. When one fails, or the signal aborts, the
   * connection is dropped, so that the next collection starts afresh.
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

  /** Ends the connection, politely where the server answers and by cutting it where it does not. */
  async close(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    const impatience = setTimeout(() => client.connection.stream.destroy(), GOODBYE_TIMEOUT_MS);
    try {
      await client.end();
    } finally {
      clearTimeout(impatience);
    }
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = postgresClient(this.#connectionString, {
      connectionTimeoutMillis: this.#connectTimeoutMs,
      types: { getTypeParser: () => String },
    });
    // Between collections nobody waits for a query that would report it: the next one opens another connection.
    client.on("error", () => this.#forget(client));
    await client.connect();
    this.#client = client;
    return client;
  }

  #forget(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
  }

  /** Cuts the connection at once: a server that does not answer would not answer a polite goodbye either. */
  #destroy(client: pg.Client): void {
    this.#forget(client);
    client.connection.stream.destroy();
  }
}
