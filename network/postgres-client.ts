import pg from "pg";

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
 * Creates a client for a database of the lab, from a URL with user, host and database. It
 * ignores the caller's environment (`PGSSLMODE`, `PGOPTIONS`, `PGPASSFILE` and others), which is
 * meant for other databases.
 */
export function postgresClient(url: string, options: PostgresClientOptions): pg.Client {
  const { username, password, hostname, port, pathname } = new URL(url);
  const place = { host: hostname, port: Number(port || 5432) };
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
  return clientAt({ host: directory, port }, { user, password: "" }, database, options);
}

function clientAt(
  place: { readonly host: string; readonly port: number },
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
    ssl: false,
    sslnegotiation: "postgres",
    client_encoding: "utf8",
  });
  const inspected: pg.Client & { readonly connectionParameters?: object } = client;
  if (inspected.connectionParameters === undefined)
    throw new TypeError("Expected pg's connection parameters.");
  Object.assign(inspected.connectionParameters, FROM_ENVIRONMENT);
  return client;
}
