import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type PgLink, PostgresRig, postgresAvailable } from "../protocols/pg/testing/postgres-rig.ts";
import { until } from "../test-rig.ts";

const DELAY_MS = 80;

async function takenMs(work: Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work;
  return performance.now() - startedAtMs;
}

describe.skipIf(!postgresAvailable)("pg_query_delay", () => {
  let rig: PostgresRig;
  beforeAll(async () => {
    rig = await PostgresRig.start();
  }, 60_000);
  afterEach(() => rig.reset());
  afterAll(() => rig[Symbol.asyncDispose]());

  it.each<[PgLink, string, object]>([
    ["pgbouncer", "simple", { text: "SELECT 'slow'" }],
    ["postgres", "simple", { text: "SELECT 'slow'" }],
    ["pgbouncer", "extended", { text: "SELECT 'slow', $1::text", values: ["x"] }],
    ["postgres", "extended", { text: "SELECT 'slow', $1::text", values: ["x"] }],
  ])("delays the nth matching query on %s, in the %s protocol, never by less", async (link, _, query) => {
    const client = await rig.connect("pgbouncer");
    await client.query("SELECT 1");
    await rig.arm(link, "pg_query_delay", { pattern: "slow", delay: DELAY_MS, nth: 2 });
    await client.query(query as { text: string });
    expect(await rig.bite(link)).toMatchObject({ messages: 0 });
    expect(await takenMs(client.query(query as { text: string }))).toBeGreaterThanOrEqual(DELAY_MS);
    await client.query(query as { text: string });
    expect(await rig.bite(link)).toMatchObject({ messages: 1, gaveUp: 0 });
  });

  it("keeps the order: later messages wait with the query, earlier ones do not", async () => {
    await rig.arm("postgres", "pg_query_delay", { pattern: "slow", delay: 60_000 });
    const client = await rig.connect("postgres", { pipeline: true } as object);
    const done: string[] = [];
    const run = (name: string) => client.query(`SELECT '${name}'`).then(() => done.push(name));
    const all = ["first", "slow", "third"].map(run);
    await until(() => done.length === 1);
    expect(done).toEqual(["first"]);
    await rig.disarm("postgres");
    await Promise.all(all);
    expect(done).toEqual(["first", "slow", "third"]);
  });

  it("applies a shorter delay to a query that it holds", async () => {
    await rig.arm("postgres", "pg_query_delay", { delay: 60_000 });
    const client = await rig.connect("postgres");
    const held = client.query("SELECT 1");
    await until(async () => (await rig.bite("postgres")).messages === 1);
    await rig.faults.updateToxic("postgres", "armed", { attributes: { delay: 1 } });
    await held;
  });

  it("sends a large query on whole, with bounded memory", async () => {
    await rig.arm("postgres", "pg_query_delay", { pattern: "^insert", delay: 1 });
    const client = await rig.connect("postgres");
    const text = "x".repeat(3 * 1024 * 1024);
    await client.query("INSERT INTO entries (text) VALUES ($1)", [text]);
    await client.query(`INSERT INTO entries (text) VALUES ('${text}')`);
    const { rows } = await rig.admin.query("SELECT length(text) AS length FROM entries");
    expect(rows).toEqual([{ length: text.length }, { length: text.length }]);
    expect(await rig.bite("postgres")).toMatchObject({ messages: 2 });
  });
});
