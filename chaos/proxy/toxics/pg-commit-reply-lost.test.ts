import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type PgLink, PostgresRig, postgresAvailable } from "../protocols/pg/testing/postgres-rig.ts";
import { until } from "../test-rig.ts";

const LINKS: readonly PgLink[] = ["pgbouncer", "postgres"];

/** The state of a query: `pending` while it has no result. */
function watched<T>(promise: Promise<T>): {
  state: "pending" | "answered" | "failed";
  readonly done: Promise<unknown>;
} {
  const watch: { state: "pending" | "answered" | "failed"; done: Promise<unknown> } = {
    state: "pending",
    done: promise.then(
      () => {
        watch.state = "answered";
      },
      (error: unknown) => {
        watch.state = "failed";
        return error;
      },
    ),
  };
  return watch;
}

describe.skipIf(!postgresAvailable)("pg_commit_reply_lost", () => {
  let rig: PostgresRig;
  beforeAll(async () => {
    rig = await PostgresRig.start();
  }, 60_000);
  afterEach(() => rig.reset());
  afterAll(() => rig[Symbol.asyncDispose]());

  describe.each(LINKS)("on the link %s, through pgBouncer", (link) => {
    it("drops the reply of a transaction that is committed", async () => {
      await rig.arm(link, "pg_commit_reply_lost");
      const client = await rig.connect("pgbouncer");
      await client.query("BEGIN");
      await client.query("INSERT INTO entries (text) VALUES ($1)", ["kept"]);
      const commit = watched(client.query("COMMIT"));
      await until(async () => (await rig.bite(link)).messages === 1);
      expect(await rig.entries()).toEqual(["kept"]);
      expect(commit.state).toBe("pending");
    });

    it("joins connections that were opened long before", async () => {
      const client = await rig.connect("pgbouncer");
      await client.query("SELECT 1");
      await rig.arm(link, "pg_commit_reply_lost", { how: "close" });
      await client.query("BEGIN; INSERT INTO entries (text) VALUES ('kept')");
      await expect(client.query("END")).rejects.toThrow(/terminated|server conn crashed/);
      expect(await rig.entries()).toEqual(["kept"]);
      expect(await rig.bite(link)).toMatchObject({ messages: 1, connections: 1, gaveUp: 0 });
    });
  });

  describe("without pgBouncer", () => {
    it.each([
      ["COMMIT", "BEGIN"],
      ["commit work;", "BEGIN"],
      ["END", "BEGIN"],
      ["UPDATE entries SET text = 'kept'; COMMIT", "BEGIN"],
      ["INSERT INTO entries (text) VALUES ('kept'); COMMIT; SELECT 1", "BEGIN"],
    ])("recognizes %j by the server's command tag", async (text, begin) => {
      await rig.admin.query("INSERT INTO entries (text) VALUES ('kept')");
      await rig.arm("postgres", "pg_commit_reply_lost", { how: "reset" });
      const client = await rig.connect("postgres");
      await client.query(begin);
      await expect(client.query(text)).rejects.toThrow(/ECONNRESET|terminated/);
      expect(new Set(await rig.entries())).toEqual(new Set(["kept"]));
      expect(await rig.bite("postgres")).toMatchObject({ messages: 1 });
    });

    it("recognizes a prepared COMMIT, and one prepared before the toxic was added", async () => {
      const client = await rig.connect("postgres");
      const commit = { name: "commit", text: "COMMIT" };
      await client.query(commit);
      await rig.arm("postgres", "pg_commit_reply_lost", { how: "close" });
      await client.query("BEGIN; INSERT INTO entries (text) VALUES ('kept')");
      await expect(client.query(commit)).rejects.toThrow(/terminated/);
      expect(await rig.entries()).toEqual(["kept"]);
    });

    it.each([
      ["ROLLBACK", "BEGIN; INSERT INTO entries (text) VALUES ('gone')", []],
      ["COMMIT", "SELECT 1", []],
      ["SELECT 'COMMIT'", "BEGIN", []],
      ["RELEASE s", "BEGIN; SAVEPOINT s", []],
    ])("passes the reply to %j after %j", async (text, before, kept) => {
      await rig.arm("postgres", "pg_commit_reply_lost", { how: "close" });
      const client = await rig.connect("postgres");
      await client.query(before);
      await client.query(text);
      expect(await rig.entries()).toEqual(kept);
      expect(await rig.bite("postgres")).toMatchObject({ messages: 0 });
    });

    it("passes the reply to a COMMIT that rolled back", async () => {
      await rig.arm("postgres", "pg_commit_reply_lost", { how: "close" });
      const client = await rig.connect("postgres");
      await client.query("BEGIN");
      await expect(client.query("SELECT wrong")).rejects.toThrow(/wrong/);
      expect(await client.query("COMMIT")).toMatchObject({ command: "ROLLBACK" });
    });

    it("passes the replies before it when requests are pipelined, and none after", async () => {
      await rig.arm("postgres", "pg_commit_reply_lost");
      const client = await rig.connect("postgres", { pipeline: true } as object);
      const queries = ["BEGIN", "INSERT INTO entries (text) VALUES ('kept')", "COMMIT", "SELECT 1"];
      const watches = queries.map((text) => watched(client.query(text)));
      await until(async () => (await rig.entries()).length === 1);
      await until(() => watches[1]?.state === "answered");
      expect(watches.map(({ state }) => state)).toEqual(["answered", "answered", "pending", "pending"]);
    });

    it("affects the COMMIT of its number, over all connections", async () => {
      await rig.arm("postgres", "pg_commit_reply_lost", { how: "close", nth: 2 });
      const [first, second] = [await rig.connect("postgres"), await rig.connect("postgres")];
      const commitIn = (client: typeof first) =>
        client.query("BEGIN; INSERT INTO entries (text) VALUES ('x'); COMMIT");
      await commitIn(first);
      await expect(commitIn(second)).rejects.toThrow(/terminated/);
      await commitIn(first);
    });

    it("closes a hanging connection that its client has left", async () => {
      await rig.arm("postgres", "pg_commit_reply_lost");
      const client = await rig.connect("postgres");
      await client.query("BEGIN");
      const commit = watched(client.query("COMMIT"));
      await until(async () => (await rig.bite("postgres")).messages === 1);
      // Only its half: it closes when the other half does.
      (client as unknown as { connection: { stream: { end(): void } } }).connection.stream.end();
      await commit.done;
      expect(commit.state).toBe("failed");
    });

    it("resets a hanging connection when it heals: lost replies do not come back", async () => {
      await rig.arm("postgres", "pg_commit_reply_lost");
      const client = await rig.connect("postgres");
      await client.query("BEGIN");
      const commit = watched(client.query("COMMIT"));
      await until(async () => (await rig.bite("postgres")).messages === 1);
      await rig.disarm("postgres");
      await commit.done;
      expect(commit.state).toBe("failed");
    });
  });
});
