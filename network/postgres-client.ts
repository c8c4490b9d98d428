import pg from "pg";

/** What a client may be told besides its URL and how long it waits for a connection. */
export type PostgresClientOptions = Pick<
  pg.ClientConfig,
  "application_name" | "query_timeout" | "stream" | "types"
> & { readonly connectionTimeoutMillis: number };

/**
 * What `pg` takes from the environment although it was told otherwise: to it, an empty option is one that was not
 * given. `options` and `replication` would go to the server with the startup message, and pgBouncer refuses them.
 */
const FROM_ENVIRONMENT = { options: undefined, replication: undefined };

/**
 * Makes a client for a database of the lab, from a URL with user, host and database. It takes nothing from the
 * caller's environment (`PGSSLMODE`, `PGOPTIONS`, `PGPASSFILE` and the like), which speaks of other databases.
 */
export function postgresClient(url: string, options: PostgresClientOptions): pg.Client {
  const { username, password, hostname, port, pathname } = new URL(url);
  const client = new pg.Client({
    application_name: "kanit",
    ...options,
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    // As a function, also when it is empty: `pg` looks for one that is missing in the environment and in a file.
    password: () => decodeURIComponent(password),
    ssl: false,
    sslnegotiation: "postgres",
    client_encoding: "utf8",
  });
  const told: pg.Client & { readonly connectionParameters?: object } = client;
  if (told.connectionParameters === undefined) throw new TypeError("Expected pg's connection parameters.");
  Object.assign(told.connectionParameters, FROM_ENVIRONMENT);
  return client;
}
