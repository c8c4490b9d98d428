import type { ConnectionOptions } from "node:tls";
import pg from "pg";
import { tlsOf } from "./database-tls.ts";

/** The options of a client besides its URL and its connection timeout. */
export type PostgresClientOptions = Pick<
  pg.ClientConfig,
  "application_name" | "query_timeout" | "stream" | "types"
> & { readonly connectionTimeoutMillis: number };

/**
 * Options that `pg` otherwise takes from the environment, since it treats an empty option as absent.
 * `options` and `replication` would be sent to the server in the startup message, and pgBouncer refuses them.
 */
const FROM_ENVIRONMENT = { options: undefined, replication: undefined };

/**
 * Creates a client for a database, from a URL with user, host and database, and with `sslmode` and `sslrootcert` where
 * the connection is to be encrypted. It ignores the caller's environment (`PGSSLMODE`, `PGOPTIONS`, `PGPASSFILE` and
 * others), which is meant for other databases.
 *
 * @throws UsageError `bad-sslmode`, UnavailableError `authority-unreadable`.
 */
export function postgresClient(url: string, options: PostgresClientOptions): pg.Client {
  const address = new URL(url);
  const { username, password, hostname, port, pathname } = address;
  const place = { host: hostname, port: Number(port || 5432), ssl: tlsOf(address) };
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return clientAt(place, login, decodeURIComponent(pathname.slice(1)), options);
}

/** Where a server listens that is reached by a Unix socket only: its folder, and the number in the socket's name. */
export interface PostgresSocket {
  readonly directory: string;
  readonly port: number;
}

/** Creates a client for a database behind a Unix socket, whose server trusts the user of this process. */
export function postgresSocketClient(
  { directory, port }: PostgresSocket,
  { user, database }: { readonly user: string; readonly database: string },
  options: PostgresClientOptions,
): pg.Client {
  return clientAt({ host: directory, port, ssl: false }, { user, password: "" }, database, options);
}

function clientAt(
  place: { readonly host: string; readonly port: number; readonly ssl: ConnectionOptions | false },
  { user, password }: { readonly user: string; readonly password: string },
  database: string,
  options: PostgresClientOptions,
): pg.Client {
  const client = new pg.Client({
    application_name: "kanit",
    ...options,
    ...place,
    user,
    database,
    // A function, even for an empty password: without one, `pg` searches the environment and a file.
    password: () => password,
    sslnegotiation: "postgres",
    client_encoding: "utf8",
  });
  const inspected: pg.Client & { readonly connectionParameters?: object } = client;
  if (inspected.connectionParameters === undefined)
    throw new TypeError("Expected pg's connection parameters.");
  Object.assign(inspected.connectionParameters, FROM_ENVIRONMENT);
  return client;
}
