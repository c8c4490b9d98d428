import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { LabProcessName } from "../../definition/index.ts";
import { postgresClient } from "../../network/index.ts";
import { type DatabaseLogin, databaseUrl } from "../lab-secrets.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import type { LabProcesses } from "./lab-processes.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { shutDownPostgres, untilPostgresReady } from "./postgres-status.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** The platform's database, and the template from which it is cloned between experiments. */
export const DATABASE = "spark";
export const TEMPLATE_DATABASE = "spark_template";

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Puts segments of shared memory in the data directory, which is removed with the lab; elsewhere a killed server, or
 * the one that initdb runs, leaves them behind.
 */
export const SEGMENTS_IN_FOLDER = "dynamic_shared_memory_type=mmap";

/**
 * What a lab archives by, until somebody asks for an archive (gates/target/wal-archive.ts). It stands in Postgres's own
 * file: a setting of the command line cannot be altered while the server runs.
 */
export const ARCHIVES_NOWHERE = "archive_command=true";

// Durability against a crash of the machine is not under test, and costs a disk flush for each commit: these
// settings drop it. What clients can see of a transaction stays as it is.
export const SETTINGS: readonly string[] = [
  "fsync=off",
  "full_page_writes=off",
  "wal_level=replica",
  "archive_mode=on",
  "max_wal_senders=0",
  "shared_buffers=32MB",
  "max_connections=80",
  SEGMENTS_IN_FOLDER,
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "log_min_messages=warning",
  "log_line_prefix=%m [%p] ",
  "lc_messages=C",
];

export interface PostgresOptions {
  readonly processes: LabProcesses;
  readonly name: LabProcessName;
  readonly binaries: PostgresBinaries;
  readonly user: UserIdentity;
  readonly dataDirectory: string;
  readonly logDirectory: string;
  readonly port: number;
}

/** A running Postgres, ready for connections. */
export interface StartedPostgres {
  readonly port: number;
  /** Starts it again after it was killed, on its data and its port; resolves when it has recovered. */
  startAgain(): Promise<void>;
  urlOf(login: Pick<DatabaseLogin, "role" | "password">, database: string): string;
  /** Ends it so that its data directory can be copied and started without recovery. */
  shutDownCleanly(): Promise<void>;
}

/** Starts Postgres on a data directory; resolves when it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<StartedPostgres> {
  const { dataDirectory, port } = options;
  const pidFile = join(dataDirectory, "postmaster.pid");
  let server = await startServer(options, pidFile);
  const urlOf: StartedPostgres["urlOf"] = (login, database) =>
    databaseUrl(login, `127.0.0.1:${port}`, database);
  const startAgain = async () => {
    // A killed server leaves its status there, which would be taken for the new one's.
    await rm(pidFile, { force: true });
    server = await startServer(options, pidFile);
  };
  const shutDownCleanly = () => shutDownPostgres(server, pidFile);
  return { port, startAgain, urlOf, shutDownCleanly };
}

async function startServer(options: PostgresOptions, pidFile: string): Promise<GuardedProcess> {
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  const server = await options.processes.start({
    name: options.name,
    command: [
      options.binaries.postgres,
      ...["-D", options.dataDirectory, "-p", String(options.port), ...settings],
    ],
    environment: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
    workingDirectory: "/",
    logDirectory: options.logDirectory,
    stopSignal: "QUIT",
    user: options.user,
  });
  await server.untilReady((signal) => untilPostgresReady(pidFile, signal));
  return server;
}

/**
 * The statement that gives a role this password. It contains a verifier instead of the password, so no log
 * can contain the password.
 */
export function setPassword({ role, verifier }: DatabaseLogin): string {
  return `ALTER ROLE ${role} PASSWORD '${verifier}'`;
}

/** Runs statements one after the other, each in its own transaction, over a separate connection. */
export async function administer(url: string, statements: readonly string[]): Promise<void> {
  const client = postgresClient(url, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // When the server is ended meanwhile, the statement fails; the error event also needs a listener, or
  // it would end the runner.
  client.on("error", () => undefined);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
