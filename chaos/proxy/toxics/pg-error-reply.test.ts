import { connect } from "node:net";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type PgLink,
  PostgresRig,
  postgresAvailable,
  SCRAM_USER,
} from "../protocols/pg/testing/postgres-rig.ts";
import { until } from "../test-rig.ts";

const INSERT = "INSERT INTO entries (text) VALUES ('kept')";

/** The error that a query ends in. */
async function errorOf(query: Promise<unknown>): Promise<pg.DatabaseError> {
  return query.then(
    () => {
      throw new Error("expected an error, got an answer");
    },
    (error: pg.DatabaseError) => error,
  );
}

describe.skipIf(!postgresAvailable)("pg_error_reply", () => {
  let rig: PostgresRig;
  beforeAll(async () => {
    rig = await PostgresRig.start();
  }, 60_000);
  afterEach(() => rig.reset());
  afterAll(() => rig[Symbol.asyncDispose]());

  describe.each<PgLink>(["pgbouncer", "postgres"])("on the link %s, through pgBouncer", (link) => {
    it("answers a matching query with the error, instead of executing it", async () => {
      const client = await rig.connect("pgbouncer");
      await client.query("SELECT 1");
      await rig.arm(link, "pg_error_reply", { pattern: "^insert", sqlstate: "53200", message: "no memory" });
      const error = await errorOf(client.query("INSERT INTO entries (text) VALUES ($1)", ["gone"]));
      expect(error).toMatchObject({ code: "53200", message: "no memory", severity: "ERROR" });
      expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      expect(await rig.entries()).toEqual([]);
      expect(await rig.bite(link)).toMatchObject({ messages: 1, gaveUp: 0 });
    });

    it("fails the transaction on the server too", async () => {
      await rig.arm(link, "pg_error_reply", { pattern: "^insert", nth: 2 });
      const client = await rig.connect("pgbouncer");
      await client.query("BEGIN");
      await client.query(INSERT);
      expect(await errorOf(client.query(INSERT))).toMatchObject({ code: "40001" });
      expect(await errorOf(client.query("SELECT 1"))).toMatchObject({ code: "25P02" });
      expect(await client.query("COMMIT")).toMatchObject({ command: "ROLLBACK" });
      expect(await rig.entries()).toEqual([]);
    });
  });

  describe("a query that does not reach the server", () => {
    it.each([
      ["simple", INSERT],
      ["extended", { text: "INSERT INTO entries (text) VALUES ($1)", values: ["gone"] }],
      ["prepared", { name: "add", text: "INSERT INTO entries (text) VALUES ($1)", values: ["gone"] }],
    ])("is refused in the %s protocol, and the connection stays usable", async (_, query) => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "insert" });
      const client = await rig.connect("postgres");
      expect(await errorOf(client.query(query))).toMatchObject({ code: "40001" });
      await rig.disarm("postgres");
      await client.query(query);
      expect(await rig.entries()).toHaveLength(1);
    });

    it("is chosen by its number when it is prepared once and run often", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "insert", nth: 2 });
      const client = await rig.connect("postgres");
      const add = (text: string) =>
        client.query({ name: "add", text: "INSERT INTO entries (text) VALUES ($1)", values: [text] });
      await add("first");
      expect(await errorOf(add("second"))).toMatchObject({ code: "40001" });
      await add("third");
      expect(await rig.entries()).toEqual(["first", "third"]);
    });

    it.each([["COMMIT"], [{ name: "commit", text: "COMMIT" }], ["SELECT 1; COMMIT"]])(
      "ends its transaction when it is %j",
      async (commit) => {
        await rig.arm("postgres", "pg_error_reply", { pattern: "commit" });
        const client = await rig.connect("pgbouncer");
        await client.query("BEGIN");
        await client.query(INSERT);
        expect(await errorOf(client.query(commit))).toMatchObject({ code: "40001" });
        // Not in a failed transaction, which would refuse it.
        expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
        expect(await rig.entries()).toEqual([]);
      },
    );

    it("is the only one to fail among pipelined queries", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "gone" });
      const client = await rig.connect("postgres", { pipeline: true } as object);
      const texts = ["first", "gone", "third"];
      const outcomes = await Promise.allSettled(
        texts.map((text) => client.query(`INSERT INTO entries (text) VALUES ('${text}')`)),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await rig.entries()).toEqual(["first", "third"]);
    });

    it("ends the connection with a FATAL error, and with it the transaction", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "update", sqlstate: "57P01" });
      const client = await rig.connect("postgres");
      const ended = new Promise((resolve) => client.once("end", resolve));
      await client.query("BEGIN");
      await client.query(INSERT);
      expect(await errorOf(client.query("UPDATE entries SET text = 'x'"))).toMatchObject({
        severity: "FATAL",
        code: "57P01",
        message: "terminating connection due to administrator command",
      });
      await ended;
      expect(await rig.entries()).toEqual([]);
    });
  });

  describe("a query that reaches the server", () => {
    it.each([
      ["simple", INSERT],
      ["extended", { text: "INSERT INTO entries (text) VALUES ($1)", values: ["kept"] }],
    ])("is executed in the %s protocol, and the client receives an error", async (_, query) => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "insert", reaches: "yes" });
      const client = await rig.connect("postgres");
      expect(await errorOf(client.query(query))).toMatchObject({ code: "40001" });
      expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      expect(await rig.entries()).toEqual(["kept"]);
    });

    it.each<PgLink>(["pgbouncer", "postgres"])(
      "on %s fails its transaction, as the client expects",
      async (link) => {
        await rig.arm(link, "pg_error_reply", { pattern: "insert", reaches: "yes" });
        const client = await rig.connect("pgbouncer");
        await client.query("BEGIN");
        expect(await errorOf(client.query(INSERT))).toMatchObject({ code: "40001" });
        expect(await errorOf(client.query("SELECT 1"))).toMatchObject({ code: "25P02" });
        await client.query("ROLLBACK");
        expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      },
    );

    it("commits, and reports that it did not", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "commit", reaches: "yes" });
      const client = await rig.connect("postgres");
      await client.query("BEGIN");
      await client.query(INSERT);
      expect(await errorOf(client.query("COMMIT"))).toMatchObject({ code: "40001" });
      expect(await rig.entries()).toEqual(["kept"]);
    });

    it("makes later pipelined queries wait, and fail with its transaction", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "insert", reaches: "yes" });
      const client = await rig.connect("postgres", { pipeline: true } as object);
      const texts = ["SELECT 1", "BEGIN", INSERT, "SELECT 2", "ROLLBACK", "SELECT 3"];
      const outcomes = await Promise.allSettled(texts.map((text) => client.query(text)));
      expect(outcomes.map(({ status }) => status)).toEqual([
        "fulfilled",
        "fulfilled",
        "rejected",
        "rejected",
        "fulfilled",
        "fulfilled",
      ]);
    });

    it("does not leave COPY waiting for data", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "copy", reaches: "yes" });
      const client = await rig.connect("postgres");
      expect(await errorOf(client.query("COPY entries (text) FROM STDIN"))).toMatchObject({ code: "40001" });
      const prepared = { text: "COPY entries (text) FROM STDIN", values: [], queryMode: "extended" };
      expect(await errorOf(client.query(prepared))).toMatchObject({ code: "40001" });
      expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    });

    it("does not outlive the toxic on a connection where it has not ended", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "sleep", reaches: "yes" });
      const client = await rig.connect("postgres");
      const query = errorOf(client.query("SELECT pg_sleep(5)"));
      await until(async () => {
        const text = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(5)'";
        return (await rig.admin.query(text)).rowCount === 1;
      });
      await rig.disarm("postgres");
      expect((await query).message).toMatch(/ECONNRESET|terminated/);
    });

    it("drops a result of any size", async () => {
      await rig.arm("postgres", "pg_error_reply", { pattern: "series", reaches: "yes" });
      const client = await rig.connect("postgres");
      const many = client.query("SELECT repeat('x', 1000) FROM generate_series(1, 5000)");
      expect(await errorOf(many)).toMatchObject({ code: "40001" });
      expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    });
  });

  describe("at connect", () => {
    it("refuses clients like a full server", async () => {
      await rig.arm("pgbouncer", "pg_error_reply", { at: "connect", sqlstate: "53300", first: 1 });
      const error = await errorOf(rig.connect("pgbouncer"));
      expect(error).toMatchObject({
        code: "53300",
        severity: "FATAL",
        message: "sorry, too many clients already",
      });
      const second = await rig.connect("pgbouncer");
      expect((await second.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      expect(await rig.bite("pgbouncer")).toMatchObject({ messages: 1 });
    });

    it("refuses a client whose request for TLS was declined", async () => {
      await rig.arm("postgres", "pg_error_reply", { at: "connect", sqlstate: "57P03" });
      const { host, port } = rig.addressOf("postgres");
      const socket = connect({ host, port });
      const answers: Buffer[] = [];
      const ended = new Promise((resolve) => socket.once("close", resolve));
      socket.on("data", (data: Buffer) => {
        answers.push(data);
        if (answers.length > 1) return;
        const startUp = Buffer.from("\0\0\0\x14\0\x03\0\0user\0spark\0\0", "latin1");
        startUp.writeUInt32BE(startUp.length, 0);
        socket.write(startUp);
      });
      socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
      await ended;
      expect(answers[0]?.toString()).toBe("N");
      expect(Buffer.concat(answers).toString()).toContain("C57P03\0");
    });
  });

  it("refuses an invalid SQLSTATE", async () => {
    await expect(rig.arm("postgres", "pg_error_reply", { sqlstate: "4000" })).rejects.toThrow(
      /expected five characters/,
    );
  });

  it("does not affect a SCRAM login", async () => {
    await rig.arm("postgres", "pg_error_reply", { pattern: "never" });
    const { host, port } = rig.addressOf("postgres");
    const client = await rig.connect("postgres", {
      connectionString: `postgres://${SCRAM_USER.user}:${encodeURIComponent(SCRAM_USER.password)}@${host}:${port}/postgres`,
    });
    const { rows } = await client.query("SELECT current_user AS name");
    expect(rows).toEqual([{ name: "scram" }]);
    expect(await rig.bite("postgres")).toMatchObject({ gaveUp: 0, messages: 0 });
  });
});
