import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pgbouncerSource } from "./pgbouncer-source.ts";

const PGBOUNCER = "/usr/sbin/pgbouncer";
const NOBODY = 65_534;
const isInstalled = existsSync(PGBOUNCER);

const listen = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};
const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return port;
};
const signal = () => AbortSignal.timeout(5_000);

/** What a Postgres sends to a client that logs in: accepted, its settings, ready for a query. */
const WELCOME = Buffer.concat([
  message("R", Buffer.alloc(4)),
  message("S", Buffer.from("server_version\0" + "18.0\0")),
  message("S", Buffer.from("client_encoding\0UTF8\0")),
  message("K", Buffer.alloc(8)),
  message("Z", Buffer.from("I")),
]);

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** A real pgBouncer in front of a server that lets clients log in and never answers their queries. */
describe.skipIf(!isInstalled)("the pgBouncer source (skipped where pgBouncer is not installed)", () => {
  const silentServer = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.write(WELCOME));
  });
  let directory: string;
  let pgbouncer: ChildProcess;
  let port: number;
  let clients: readonly pg.Client[];
  let answers: readonly Promise<unknown>[];
  const source = () =>
    pgbouncerSource({ name: "pgbouncer", connectionString: `postgres://spark@127.0.0.1:${port}/pgbouncer` });

  beforeAll(async () => {
    const silentPort = await listen(silentServer);
    port = await freePort();
    directory = await mkdtemp(join(tmpdir(), "kanit-pgbouncer-"));
    await chmod(directory, 0o755);
    await writeFile(join(directory, "users.txt"), '"spark" ""\n');
    await writeFile(
      join(directory, "pgbouncer.ini"),
      [
        "[databases]",
        `spark = host=127.0.0.1 port=${silentPort} pool_size=1`,
        "[pgbouncer]",
        `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
        `auth_type = trust\nauth_file = ${join(directory, "users.txt")}\nadmin_users = spark\npool_mode = transaction`,
      ].join("\n"),
    );
    const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    pgbouncer = spawn(PGBOUNCER, [join(directory, "pgbouncer.ini")], { stdio: "ignore", ...asNobody });
    await vi.waitFor(async () => {
      await using probe = { source: source(), [Symbol.asyncDispose]: async () => probe.source.close?.() };
      await probe.source.collect(signal());
    }, 10_000);
    clients = [1, 2].map(() => {
      return new pg.Client({ connectionString: `postgres://spark@127.0.0.1:${port}/spark` });
    });
    answers = clients.map(async (client) => {
      client.on("error", () => client.connection.stream.destroy());
      await client.connect();
      await client.query("select 1");
    });
  });

  afterAll(async () => {
    for (const client of clients) client.connection.stream.destroy();
    await Promise.allSettled(answers);
    pgbouncer.kill("SIGKILL");
    await once(pgbouncer, "exit");
    silentServer.close();
    await rm(directory, { recursive: true });
  });

  it("reads each pool under the names of the community's exporter", async () => {
    const pools = source();
    await vi.waitFor(async () => {
      const samples = await pools.collect(signal());
      const value = (metric: string) =>
        samples.find(({ labels }) => labels.metricName === metric && labels.get("database") === "spark")
          ?.value;
      expect(value("pgbouncer_pools_client_waiting_connections")).toBe(1);
      expect(value("pgbouncer_pools_client_maxwait_seconds")).toBeGreaterThan(0);
      expect(value("pgbouncer_pools_server_active_connections")).toBe(1);
      expect(value("pgbouncer_databases_pool_size")).toBe(1);
    }, 10_000);
    await pools.close?.();
  });

  it("reads the totals of each database, times in seconds", async () => {
    const totals = source();
    const samples = await totals.collect(signal());
    const names = samples
      .filter(({ labels }) => labels.get("database") === "spark" && labels.metricName?.endsWith("_total"))
      .map(({ labels }) => labels.metricName);
    expect(names).toEqual([
      "pgbouncer_stats_sql_transactions_pooled_total",
      "pgbouncer_stats_queries_pooled_total",
      "pgbouncer_stats_server_in_transaction_seconds_total",
      "pgbouncer_stats_queries_duration_seconds_total",
      "pgbouncer_stats_client_wait_seconds_total",
    ]);
    await totals.close?.();
  });

  it("skips the console's own pool", async () => {
    const pools = source();
    const samples = await pools.collect(signal());
    expect(samples.filter(({ labels }) => labels.get("database") === "pgbouncer")).toEqual([]);
    await pools.close?.();
  });
});

describe("a console that accepts a login and then does not answer", () => {
  it("fails at the deadline, and is closed nevertheless", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => socket.write(WELCOME));
    });
    const port = await listen(server);
    const source = pgbouncerSource({
      name: "x",
      connectionString: `postgres://a@127.0.0.1:${port}/pgbouncer`,
    });
    await expect(source.collect(AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
    await expect(source.collect(AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
    await source.close?.();
    server.close();
    await once(server, "close");
  });
});

describe("a missing pgBouncer", () => {
  it("rejects, and again at the next collection", async () => {
    const port = await freePort();
    const source = pgbouncerSource({
      name: "x",
      connectionString: `postgres://a@127.0.0.1:${port}/pgbouncer`,
    });
    await expect(source.collect(signal())).rejects.toThrow(/ECONNREFUSED/);
    await expect(source.collect(signal())).rejects.toThrow(/ECONNREFUSED/);
  });
});
