import { chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UnavailableError } from "../../core/index.ts";
import type { LabProcessName } from "../../definition/index.ts";
import { type DatabaseLogin, databaseUrl, type LabSecrets } from "../lab-secrets.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import type { LabProcesses } from "./lab-processes.ts";
import { DATABASE } from "./postgres.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** How many server connections pgBouncer has for the platform: `pool-exhaustion` takes them all. */
const POOL_SIZE = 10;

const POLL_MS = 5;
const OWNER_ONLY = 0o700;
const OWNER_READS = 0o600;
const USERS_FILE = "users.txt";
const CONSOLE_DATABASE = "pgbouncer";
const PID_FILE = "pgbouncer.pid";

export interface PgbouncerOptions {
  readonly processes: LabProcesses;
  readonly user: UserIdentity;
  readonly directory: string;
  readonly logDirectory: string;
  readonly port: number;
  /** The address of Postgres as `host:port`: the `postgres` link. */
  readonly upstream: string;
  /** Where the program is searched, as in PATH. */
  readonly programPath: string;
  readonly secrets: Pick<LabSecrets, "platform" | "poolerConsole">;
}

/** A running pgBouncer, listening. */
export interface StartedPgbouncer {
  readonly port: number;
  /** Starts it again after it was killed, on its port and leading to the same database. */
  startAgain(): Promise<void>;
  readonly adminUrl: string;
  /** Connects the platform's database name to another database of Postgres, from the next `RELOAD` on. */
  writeConfiguration(database: string): Promise<void>;
}

/**
 * Starts pgBouncer with transaction pooling.
 *
 * @throws UnavailableError `no-pgbouncer` when it is not installed.
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<StartedPgbouncer> {
  const { directory, user, secrets } = options;
  await mkdir(directory, { recursive: true });
  await chmod(directory, OWNER_ONLY);
  await handOver(user, directory);
  const configuration = join(directory, "pgbouncer.ini");
  const writeConfiguration = (database: string) =>
    writePrivate(user, configuration, configurationText(options, database));
  await writePrivate(user, join(directory, USERS_FILE), usersText([secrets.platform, secrets.poolerConsole]));
  await writeConfiguration(DATABASE);
  await startPooler(options, configuration);
  return {
    port: options.port,
    startAgain: () => startPooler(options, configuration),
    adminUrl: databaseUrl(secrets.poolerConsole, `127.0.0.1:${options.port}`, CONSOLE_DATABASE),
    writeConfiguration,
  };
}

async function startPooler(options: PgbouncerOptions, configuration: string): Promise<void> {
  const pidFile = join(options.directory, PID_FILE);
  // A killed pooler leaves its own, which would be taken for the new one's.
  await rm(pidFile, { force: true });
  const server = await options.processes.start({
    name: "pgbouncer" satisfies LabProcessName,
    command: ["pgbouncer", configuration],
    environment: { PATH: options.programPath },
    workingDirectory: "/",
    logDirectory: options.logDirectory,
    stopSignal: "TERM",
    user: options.user,
  });
  try {
    await server.untilReady((signal) => untilWritten(pidFile, signal));
  } catch (error) {
    throw isNotFound(error) ? notInstalled(error) : error;
  }
}

/** Only pgBouncer's user may read it, whatever the umask; root runs it as another user. */
async function writePrivate(user: UserIdentity, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: OWNER_READS });
  await handOver(user, path);
}

async function handOver(user: UserIdentity, path: string): Promise<void> {
  if (user.kind === "other") await chown(path, user.uid, user.gid);
}

/** pgBouncer's list of users, with SCRAM verifiers instead of passwords. */
function usersText(logins: readonly DatabaseLogin[]): string {
  return logins.map(({ role, verifier }) => `"${role}" "${verifier}"\n`).join("");
}

/** What pgBouncer is told. */
export function configurationText(
  options: Pick<PgbouncerOptions, "directory" | "port" | "upstream">,
  database: string,
): string {
  const [host, upstreamPort] = options.upstream.split(":");
  return [
    "[databases]",
    `${DATABASE} = host=${host} port=${upstreamPort} dbname=${database}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${options.port}`,
    "unix_socket_dir =",
    "auth_type = scram-sha-256",
    `auth_file = ${join(options.directory, USERS_FILE)}`,
    `pidfile = ${join(options.directory, PID_FILE)}`,
    "admin_users = kanit",
    "pool_mode = transaction",
    `default_pool_size = ${POOL_SIZE}`,
    "max_client_conn = 400",
    "server_connect_timeout = 3",
    // With the default of 15 s pgBouncer would notice the database's return that much later, and
    // every reset would be slow.
    "server_login_retry = 0.1",
    "log_connections = 0",
    "log_disconnections = 0",
    "log_stats = 0",
    "",
  ].join("\n");
}

// pgBouncer writes it once it listens. A connection would prove less: another program on the
// same port answers as well.
async function untilWritten(pidFile: string, signal: AbortSignal): Promise<void> {
  while ((await readFile(pidFile, "utf8").catch(() => "")) === "")
    await delay(POLL_MS, undefined, { signal });
}

// The guard is a shell, which reports a missing command like this.
function isNotFound(error: unknown): boolean {
  return (
    error instanceof ProcessDiedError &&
    error.death.ending === "exit code 127" &&
    error.death.lastLines.some((line) => /pgbouncer: (command )?not found/.test(line))
  );
}

function notInstalled(cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "no-pgbouncer",
    message: "Expected the program pgbouncer, but it is not installed.",
    nextStep:
      "Install it: sudo apt-get install pgbouncer (Debian, Ubuntu), brew install pgbouncer (macOS), or let `kanit setup` do it.",
    cause,
  });
}
