import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lab } from "../lab.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { makeTestDirectory, removeTestDirectory } from "../testing/test-directory.ts";
import { startLocalLab } from "./start-local-lab.ts";

/** Postgres's and pgBouncer's codes; without a password `pg` cannot answer SCRAM, which both require. */
const REFUSED = expect.stringMatching(/^(28P01|08P01|SASL: .* password must be a string)$/);
const NOT_PRIVILEGED = "42501";

let directory = "";
let lab: Lab;
let other: Lab;
beforeAll(async () => {
  directory = await makeTestDirectory();
  const options = await sparkLab(directory);
  [lab, other] = await Promise.all([startLocalLab(options), startLocalLab(options)]);
}, 60_000);
afterAll(async () => {
  await Promise.all([lab.stop(), other.stop()]);
  await removeTestDirectory(directory);
}, 30_000);

/** The addresses of one server, with other credentials in place of the lab's. */
function withLogin(address: string, user: string, password: string, database?: string): string {
  const url = new URL(address);
  url.username = user;
  url.password = password;
  if (database !== undefined) url.pathname = database;
  return url.href;
}

/** The rows of a statement, or the code of the error. */
async function query(connectionString: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return code ?? message;
  } finally {
    await client.end();
  }
}

describe("a client without the lab's passwords", () => {
  const tries = [
    ["no password", ""],
    ["a guess", "kanit"],
    ["the platform's own name", "spark"],
  ] as const;

  it.each(tries)("is refused by Postgres with %s, as any role", async (_, password) => {
    const { databaseUrl } = lab.addresses;
    for (const role of ["kanit", "spark", "postgres", "nobody"]) {
      const answer = await query(withLogin(databaseUrl, role, password), "SELECT 1");
      expect([role, answer]).toEqual([role, REFUSED]);
    }
  });

  it.each(tries)("is refused by pgBouncer with %s, console included", async (_, password) => {
    const { poolerUrl, poolerAdminUrl } = lab.addresses;
    for (const address of [poolerUrl, poolerAdminUrl]) {
      for (const role of ["kanit", "spark", "pgbouncer", "nobody"]) {
        const answer = await query(withLogin(address, role, password), "SHOW VERSION");
        expect([role, answer]).toEqual([role, REFUSED]);
      }
    }
  });

  it("finds no Unix socket of Postgres or pgBouncer", async () => {
    const sockets = await readFile("/proc/net/unix", "utf8").catch(() => "");
    const ports = [lab.addresses.databaseUrl, lab.addresses.poolerAdminUrl].map((url) => new URL(url).port);
    expect(
      sockets.split("\n").filter((line) => ports.some((port) => line.includes(`.PGSQL.${port}`))),
    ).toEqual([]);
  });
});

describe("the platform's role", () => {
  it("creates its own schemas and tables", async () => {
    const made =
      "CREATE SCHEMA own; CREATE TABLE own.things (id int); DROP SCHEMA own CASCADE; SELECT 1 AS one";
    expect(await query(lab.addresses.poolerUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(await query(lab.addresses.poolerUrl, made)).toBeUndefined();
  });

  it.each([
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/kanit-should-not-be-there'",
    "SELECT pg_read_file('/etc/passwd')",
    "ALTER ROLE spark SUPERUSER",
    "CREATE ROLE other LOGIN",
    "CREATE DATABASE other",
  ])("may not: %s", async (statement) => {
    expect(await query(lab.addresses.poolerUrl, statement)).toBe(NOT_PRIVILEGED);
  });
});

describe("the password of one server", () => {
  it("is invalid for another: pgBouncer's console does not know the superuser", async () => {
    const { databaseUrl, poolerUrl, poolerAdminUrl } = lab.addresses;
    const admin = new URL(databaseUrl).password;
    const console = new URL(poolerAdminUrl).password;
    expect(await query(withLogin(poolerAdminUrl, "kanit", admin), "SHOW VERSION")).toEqual(REFUSED);
    expect(await query(withLogin(databaseUrl, "kanit", console), "SELECT 1")).toEqual(REFUSED);
    const throughPool = await query(withLogin(poolerUrl, "kanit", console), "SELECT current_user");
    expect(throughPool).toEqual(REFUSED);
  });

  it("is different in each lab", async () => {
    const { databaseUrl, poolerUrl } = lab.addresses;
    const elsewhere = other.addresses;
    const admin = withLogin(elsewhere.databaseUrl, "kanit", new URL(databaseUrl).password);
    expect(await query(admin, "SELECT 1")).toEqual(REFUSED);
    const platform = withLogin(elsewhere.poolerUrl, "spark", new URL(poolerUrl).password);
    expect(await query(platform, "SELECT 1")).toEqual(REFUSED);
  });
});
