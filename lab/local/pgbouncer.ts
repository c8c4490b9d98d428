import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UnavailableError } from "../../core/index.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import type { LabProcesses } from "./lab-processes.ts";
import { DATABASE } from "./postgres.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** How many server connections pgBouncer keeps for the platform: `pool-exhaustion` takes them all. */
const POOL_SIZE = 10;

const POLL_MS = 5;
// Debian and Homebrew put it where not everybody's PATH leads.
const SEARCH_PATH = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";

export interface PgbouncerOptions {
  readonly processes: LabProcesses;
  readonly user: UserIdentity;
  readonly directory: string;
  readonly logDirectory: string;
  readonly port: number;
  /** `host:port` where Postgres is reached: the `postgres` link. */
  readonly upstream: string;
}

/** A running pgBouncer, listening. */
export interface StartedPgbouncer {
  readonly process: GuardedProcess;
  readonly port: number;
  readonly adminUrl: string;
  /** Makes the platform's database lead to another one of Postgres's, from the next `RELOAD` on. */
  writeConfiguration(database: string): Promise<void>;
}

/**
 * Starts pgBouncer with transaction pooling.
 *
 * @throws UnavailableError `no-pgbouncer` when it is not installed.
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<StartedPgbouncer> {
  await mkdir(options.directory, { recursive: true });
  const users = join(options.directory, "users.txt");
  const configuration = join(options.directory, "pgbouncer.ini");
  const writeConfiguration = (database: string) =>
    writeFile(configuration, configurationText(options, users, database));
  await writeFile(users, '"spark" ""\n"kanit" ""\n');
  await writeConfiguration(DATABASE);
  const server = await options.processes.start({
    name: "pgbouncer",
    command: ["pgbouncer", configuration],
    environment: { PATH: SEARCH_PATH },
    workingDirectory: "/",
    logDirectory: options.logDirectory,
    stopSignal: "TERM",
    user: options.user,
    directoryToRemove: null,
  });
  server.ignoreOutput();
  try {
    await server.untilReady((signal) => untilListening(options.port, signal));
  } catch (error) {
    throw isNotFound(error) ? notInstalled(error) : error;
  }
  return {
    process: server,
    port: options.port,
    adminUrl: `postgresql://kanit@127.0.0.1:${options.port}/pgbouncer`,
    writeConfiguration,
  };
}

function configurationText(options: PgbouncerOptions, users: string, database: string): string {
  const [host, upstreamPort] = options.upstream.split(":");
  return [
    "[databases]",
    `${DATABASE} = host=${host} port=${upstreamPort} dbname=${database}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${options.port}`,
    "unix_socket_dir =",
    "auth_type = trust",
    `auth_file = ${users}`,
    "admin_users = kanit",
    "pool_mode = transaction",
    `default_pool_size = ${POOL_SIZE}`,
    "max_client_conn = 400",
    "server_connect_timeout = 3",
    // The default of 15 s would hide for that long that the database is back, and slow every reset down.
    "server_login_retry = 0.1",
    "log_connections = 0",
    "log_disconnections = 0",
    "log_stats = 0",
    "",
  ].join("\n");
}

async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  while (!(await accepts(port))) await delay(POLL_MS, undefined, { signal });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

// The guard is a shell: 127 is its word for a command that is not there.
function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.message.includes("exit code 127");
}

function notInstalled(cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "no-pgbouncer",
    message: "Expected the program pgbouncer, but it is not installed.",
    nextStep: "Install it: sudo apt-get install pgbouncer (Debian, Ubuntu), brew install pgbouncer (macOS).",
    cause,
  });
}
