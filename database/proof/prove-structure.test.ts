import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Instance } from "../instance/instance.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import { proveStructure } from "./prove-structure.ts";

/** Others may need the processor too. */
const START_LIMIT_MS = 120_000;
const PAGE_BYTES = 8_192;
const FIRST_DAMAGED_BYTE = 7_600;
const DAMAGED_BYTES = 512;

const TABLES = `CREATE TABLE accounts (id int PRIMARY KEY);
  CREATE TABLE orders (id serial PRIMARY KEY, account int REFERENCES accounts, amount int CHECK (amount > 0));
  INSERT INTO accounts SELECT generate_series(1, 100);
  INSERT INTO orders (account, amount) SELECT i, i FROM generate_series(1, 100) i`;

describe("the proof that a database's data hold together", { timeout: START_LIMIT_MS }, () => {
  let cluster: TestCluster;
  let server: Instance;
  let database = "";
  let databases = 0;
  beforeAll(async () => {
    cluster = await startTestCluster();
    server = cluster.server;
  }, START_LIMIT_MS);
  beforeEach(async () => {
    databases += 1;
    database = `test${databases}`;
    await server.query("postgres", `CREATE DATABASE ${database}`);
    await sql(TABLES);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const sql = (text: string) => server.query(database, text);

  /** What is wrong in this test's database. */
  async function violationsOf(name: string): Promise<readonly string[]> {
    const found = (await proveStructure(server)).find((each) => each.name === name);
    if (found === undefined) throw new TypeError(`Expected a proof of ${name}.`);
    return found.violations.filter((violation) => violation.startsWith(`${database}, `));
  }

  it("examines indexes, tables, constraints and sequences, and finds nothing in sound ones", async () => {
    for (const { name, examined, violations } of await proveStructure(server)) {
      expect(violations, name).toEqual([]);
      expect(examined, name).toBeGreaterThan(0);
    }
  });

  it("finds rows that break a foreign key or a check", async () => {
    await sql("SET session_replication_role = replica; INSERT INTO orders (account, amount) VALUES (999, 1)");
    await sql(
      "ALTER TABLE orders DROP CONSTRAINT orders_amount_check; UPDATE orders SET amount = 0 WHERE id < 3",
    );
    await sql("ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID");
    expect((await violationsOf("constraints")).toSorted()).toEqual([
      `${database}, orders: orders_account_fkey: 1 rows break it`,
      `${database}, orders: positive: 2 rows break it`,
    ]);
  });

  it("finds a constraint that was never validated", async () => {
    await sql("ALTER TABLE orders ADD CONSTRAINT small CHECK (amount < 1000) NOT VALID");
    expect(await violationsOf("constraints")).toEqual([`${database}, orders: small: it was never validated`]);
  });

  it("finds a sequence that is behind its column", async () => {
    await sql("SELECT setval('orders_id_seq', 7)");
    expect(await violationsOf("sequences")).toEqual([
      `${database}, orders_id_seq of orders.id: it stands at 7, and the column has 100 already`,
    ]);
  });

  it("finds damage in indexes and in tables, also where nobody reads them", async () => {
    const [files] = await sql(
      "SELECT pg_relation_filepath('accounts') AS heap, pg_relation_filepath('orders_pkey') AS index",
    );
    await sql("CHECKPOINT");
    await server.shutDown();
    for (const path of [files?.heap, files?.index]) await overwrite(join(cluster.dataDirectory, path ?? ""));
    server = await Instance.start({
      programs: cluster.programs,
      dataDirectory: cluster.dataDirectory,
      superuser: "kanit",
      archiving: { kind: "off" },
      settings: [],
      logDirectory: join(cluster.directory, "logs"),
    });
    expect(await violationsOf("tables")).toEqual([expect.stringContaining(`${database}, accounts: `)]);
    expect(await violationsOf("indexes")).toContainEqual(
      expect.stringContaining(`${database}, orders_pkey: `),
    );
  });

  /** Overwrites a piece in the middle of a relation's last page, where its entries are. */
  async function overwrite(path: string): Promise<void> {
    await using file = await open(path, "r+");
    const { size } = await file.stat();
    await file.write(
      Buffer.alloc(DAMAGED_BYTES, 0x5a),
      0,
      DAMAGED_BYTES,
      size - PAGE_BYTES + FIRST_DAMAGED_BYTE,
    );
  }
});
