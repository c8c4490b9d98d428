import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type PgLink, PostgresRig, postgresAvailable } from "../protocols/pg/testing/postgres-rig.ts";

const ROWS = "SELECT n FROM generate_series(1, 100) n";

/** The rows that arrived before the query failed. */
async function rowsBeforeFailure(client: pg.Client, text: string): Promise<{ rows: number; error: string }> {
  const query = new pg.Query(text);
  let rows = 0;
  const error = await new Promise<string>((resolve, reject) => {
    query.on("row", () => {
      rows += 1;
    });
    query.on("error", (cause: Error & { code?: string }) => resolve(cause.code ?? cause.message));
    query.on("end", () => reject(new Error("expected the result to break off, got all of it")));
    client.query(query);
  });
  return { rows, error };
}

describe.skipIf(!postgresAvailable)("pg_result_cut", () => {
  let rig: PostgresRig;
  beforeAll(async () => {
    rig = await PostgresRig.start();
  }, 60_000);
  afterEach(() => rig.reset());
  afterAll(() => rig[Symbol.asyncDispose]());

  it.each<[PgLink, number]>([
    ["pgbouncer", 0],
    ["pgbouncer", 7],
    ["postgres", 1],
    ["postgres", 99],
  ])("breaks off on %s after %i rows", async (link, rows) => {
    await rig.arm(link, "pg_result_cut", { rows });
    const client = await rig.connect(link);
    expect(await rowsBeforeFailure(client, ROWS)).toMatchObject({ rows });
    expect(await rig.bite(link)).toMatchObject({ messages: 1, gaveUp: 0 });
  });

  it("breaks off with a RST when configured to", async () => {
    await rig.arm("postgres", "pg_result_cut", { how: "reset" });
    const client = await rig.connect("postgres");
    expect((await rowsBeforeFailure(client, ROWS)).error).toMatch(/ECONNRESET/);
  });

  it("breaks off within a row, after a number of bytes of rows", async () => {
    // A row of one digit has 1 + 4 + 2 + 4 + 1 bytes.
    await rig.arm("postgres", "pg_result_cut", { bytes: 12 * 3 + 5 });
    const client = await rig.connect("postgres");
    expect(await rowsBeforeFailure(client, ROWS)).toMatchObject({ rows: 3 });
  });

  it("does not affect results that end before the cut, and does not count them", async () => {
    await rig.arm("postgres", "pg_result_cut", { rows: 100, nth: 1 });
    const client = await rig.connect("postgres");
    expect((await client.query(ROWS)).rows).toHaveLength(100);
    expect(await rig.bite("postgres")).toMatchObject({ messages: 0 });
    expect(await rowsBeforeFailure(client, "SELECT generate_series(1, 101)")).toMatchObject({ rows: 100 });
  });

  it("affects the queries that the pattern matches, prepared ones too", async () => {
    await rig.arm("postgres", "pg_result_cut", { pattern: "generate_series\\(1, [$]" });
    const client = await rig.connect("postgres");
    expect((await client.query(ROWS)).rows).toHaveLength(100);
    const prepared = { name: "some", text: "SELECT generate_series(1, $1::int)", values: [5] };
    await expect(client.query(prepared)).rejects.toThrow(/terminated/);
  });

  it("passes other results whole, of any size", async () => {
    await rig.arm("postgres", "pg_result_cut", { pattern: "never" });
    const client = await rig.connect("postgres");
    const { rows } = await client.query("SELECT repeat('x', 100000) AS x FROM generate_series(1, 100)");
    expect(rows.reduce((sum, { x }) => sum + x.length, 0)).toBe(10_000_000);
    expect(await rig.bite("postgres")).toMatchObject({ messages: 0, gaveUp: 0 });
  });

  it("counts the rows of a cursor over all fetches, ten at a time", async () => {
    await rig.arm("postgres", "pg_result_cut", { rows: 25, pattern: "generate_series" });
    const client = await rig.connect("postgres");
    await client.query("BEGIN");
    await client.query(`DECLARE c CURSOR FOR ${ROWS}`);
    for (let fetch = 0; fetch < 2; fetch++) {
      expect((await client.query("FETCH FORWARD 10 FROM c")).rows).toHaveLength(10);
    }
    expect(await rowsBeforeFailure(client, "FETCH 10 FROM c")).toMatchObject({ rows: 5 });
    expect(await rig.bite("postgres")).toMatchObject({ messages: 1 });
  });

  it("counts the rows of a portal over all executions", async () => {
    await rig.arm("postgres", "pg_result_cut", { rows: 25 });
    const client = await rig.connect("postgres");
    // With a limit of rows, the driver fetches from the same portal again and again.
    const query = { text: ROWS, rows: 10, values: [] } as unknown as string;
    expect(await rowsBeforeFailure(client, query)).toMatchObject({ rows: 25 });
  });

  it.each<[string, string | object, string | object]>([
    [
      "prepared",
      { name: "some", text: `${ROWS} WHERE n > $1`, values: [0] },
      { name: "some", text: `${ROWS} WHERE n > $1`, values: [0] },
    ],
    ["prepared in SQL", `PREPARE all_rows AS ${ROWS}`, "EXECUTE all_rows"],
    ["declared", `BEGIN; DECLARE all_rows CURSOR FOR ${ROWS}`, "FETCH ALL FROM all_rows"],
  ])("knows the text of a query that was %s before it was added", async (_how, before, later) => {
    const client = await rig.connect("postgres");
    for (const text of typeof before === "string" ? before.split("; ") : [before]) {
      await client.query(text as string);
    }
    await rig.arm("postgres", "pg_result_cut", { rows: 25, pattern: "generate_series" });
    expect(await rowsBeforeFailure(client, later as string)).toMatchObject({ rows: 25 });
    expect(await rig.bite("postgres")).toMatchObject({ messages: 1, gaveUp: 0 });
  });

  it("reports that it cannot know the text of a statement of which it saw nothing", async () => {
    const client = await rig.connect("postgres");
    await client.query(`DO $$ BEGIN EXECUTE 'PREPARE hidden AS ${ROWS}'; END $$`);
    await rig.arm("postgres", "pg_result_cut", { pattern: "generate_series" });
    expect((await client.query("EXECUTE hidden")).rows).toHaveLength(100);
    expect(await rig.bite("postgres")).toMatchObject({ messages: 0, gaveUp: 1 });
  });

  it("cuts COPY TO as well", async () => {
    await rig.arm("postgres", "pg_result_cut", { rows: 2 });
    const client = await rig.connect("postgres");
    await expect(client.query(`COPY (${ROWS}) TO STDOUT`)).rejects.toThrow(/terminated/);
    expect(await rig.bite("postgres")).toMatchObject({ messages: 1 });
  });
});
