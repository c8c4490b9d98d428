import type pg from "pg";
import { UnavailableError } from "../../core/index.ts";
import { postgresClient, requestHttp, withoutCredentials } from "../../network/index.ts";
import { DATABASE, TEMPLATE_DATABASE } from "./postgres.ts";

const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Open connections to Postgres and to pgBouncer's console, kept because opening one costs as much as a reset.
 */
export interface AdminConnections extends AsyncDisposable {
  /** Another one after `reopen`. */
  readonly postgres: pg.Client;
  readonly pgbouncer: pg.Client;
  /** Connects again to a server that was killed. */
  reopen(server: "postgres" | "pgbouncer"): Promise<void>;
}

/** Connects to both consoles. */
export async function openAdminConnections(
  postgresUrl: string,
  pgbouncerUrl: string,
): Promise<AdminConnections> {
  const urls = { postgres: postgresUrl, pgbouncer: pgbouncerUrl };
  let [postgres, pgbouncer] = await Promise.all([openClient(postgresUrl), openClient(pgbouncerUrl)]);
  return {
    get postgres() {
      return postgres;
    },
    get pgbouncer() {
      return pgbouncer;
    },
    reopen: async (server) => {
      // The connection to a killed server ended with it.
      const client = await openClient(urls[server]);
      if (server === "postgres") postgres = client;
      else pgbouncer = client;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([postgres.end(), pgbouncer.end()]);
    },
  };
}

async function openClient(connectionString: string): Promise<pg.Client> {
  const client = postgresClient(connectionString, { connectionTimeoutMillis: REQUEST_TIMEOUT_MS });
  // A closed console is reported by the next statement; without a listener its error event would end the
  // process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** A pgBouncer whose configuration can be changed. */
interface LedPooler {
  /** Connects the platform's database name to another database of Postgres, from the next `RELOAD` on. */
  writeConfiguration(database: string): Promise<void>;
}

/**
 * Replaces the platform's database by a fresh clone of the template between experiments. The next clone is
 * prepared in advance. pgBouncer switches by a configuration reload, immediately and without an error;
 * dropping the database first would make logins fail, after which pgBouncer waits before it tries again.
 */
export class ReplaceableDatabase {
  readonly #admin: AdminConnections;
  readonly #pooler: LedPooler;
  #generation = 0;
  #name: string = DATABASE;
  #spare: Promise<string>;

  constructor(admin: AdminConnections, pooler: LedPooler) {
    this.#admin = admin;
    this.#pooler = pooler;
    this.#spare = this.#makeSpare(null);
  }

  /** Its current name in Postgres. For pgBouncer's clients the name never changes. */
  get name(): string {
    return this.#name;
  }

  /** Switches to a fresh clone. */
  async replace(): Promise<void> {
    const old = this.#name;
    this.#name = await this.#spare;
    await this.#pooler.writeConfiguration(this.#name);
    await this.#admin.pgbouncer.query("RELOAD");
    this.#spare = this.#makeSpare(old);
  }

  /** Makes the next clone again, after the server was killed while it was made or before. */
  async restore(): Promise<void> {
    const made = await this.#spare.catch(() => null);
    const { rows } = await this.#admin.postgres.query("SELECT 1 FROM pg_database WHERE datname = $1", [made]);
    if (rows.length === 0) this.#spare = this.#makeSpare(null);
  }

  #makeSpare(toDrop: string | null): Promise<string> {
    const name = `${DATABASE}_${++this.#generation}`;
    const make = async () => {
      // Waits for the sessions that pgBouncer has not closed yet.
      const { postgres } = this.#admin;
      if (toDrop !== null) await postgres.query(`DROP DATABASE ${toDrop} WITH (FORCE)`);
      await postgres.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE} OWNER spark`);
      return name;
    };
    const spare = make();
    // A failure is reported by the next switch; until then it must not count as unhandled.
    spare.catch(() => undefined);
    return spare;
  }
}

/** Sends a reset to the venues or to the platform, and waits for its 2xx. */
export async function postReset(
  url: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { ok, status, text } = await requestHttp(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    deadlineMs: REQUEST_TIMEOUT_MS,
  });
  if (!ok) {
    throw new UnavailableError({
      code: "reset-refused",
      message: `Expected POST ${withoutCredentials(url)} to answer 2xx, got ${status}: ${text.slice(0, 200)}`,
      nextStep: "See the log of the process behind that address.",
    });
  }
}
