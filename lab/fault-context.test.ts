import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeFault, injectFault, parseFault } from "../chaos/index.ts";
import { faultContextOf } from "./fault-context.ts";
import type { Lab } from "./lab.ts";
import { startLocalLab } from "./local/start-local-lab.ts";
import { labOf, writeTinyPlatform } from "./testing/lab-options.ts";
import { failureOf, makeTestDirectory, removeTestDirectory } from "./testing/test-directory.ts";

const HELD = 3;
let directory = "";
let lab: Lab;
beforeAll(async () => {
  directory = await makeTestDirectory();
  lab = await startLocalLab(labOf(await writeTinyPlatform(join(directory, "platform")), directory));
}, 60_000);
afterAll(async () => {
  await lab.stop();
  await removeTestDirectory(directory);
}, 30_000);

async function rowsOf(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The sessions on the platform's database, by Postgres's own count and by pgBouncer's. */
async function connected(): Promise<{ readonly toPostgres: number; readonly toPooler: number }> {
  const { databaseUrl, poolerAdminUrl } = lab.addresses;
  const open = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'";
  const clients = await rowsOf(poolerAdminUrl, "SHOW CLIENTS");
  return {
    toPostgres: (await rowsOf(databaseUrl, open)).length,
    toPooler: clients.filter(({ database }) => database === "spark").length,
  };
}

const inject = (link: string, kind: string, ...attributes: readonly string[]) =>
  injectFault(parseFault(link, kind, attributes), faultContextOf(lab, lab.proxy));
const hold = (link: string) => inject(link, "hold-connections", `connections=${HELD}`);

describe("a fault that holds connections in a lab", () => {
  it("holds Postgres's own connections, bypassing pgBouncer, on the link to Postgres", async () => {
    await using active = await hold("postgres");
    expect(active.label).toBe("3 connections held on postgres");
    expect(await connected()).toEqual({ toPostgres: HELD, toPooler: 0 });
  });

  it("holds the pooler's connections on the link to pgBouncer", async () => {
    await using active = await hold("pgbouncer");
    expect(active.label).toBe("3 connections held on pgbouncer");
    expect(await connected()).toEqual({ toPostgres: HELD, toPooler: HELD });
  });

  it("uses the link that it names: when that is cut, nothing is held", async () => {
    for (const link of ["postgres", "pgbouncer"]) {
      await using _ = await inject(link, "down");
      await expect(hold(link)).rejects.toMatchObject({ code: "database-unreachable" });
    }
  });

  it("uses the new database after a reset", async () => {
    const { databaseUrlOf } = faultContextOf(lab, lab.proxy);
    const before = databaseUrlOf("postgres");
    await lab.reset(2);
    expect(databaseUrlOf("postgres")).not.toBe(before);
    await using active = await hold("postgres");
    expect(active.label).toBe("3 connections held on postgres");
  });

  it("is refused on a link that leads to no database", async () => {
    await expect(hold("binance-ws")).rejects.toMatchObject({ code: "link-without-database" });
  });
});

describe("a fault that steps the platform's clock", () => {
  it("is refused, before anything is done, in a lab that was not started for it", async () => {
    const step = { kind: "clock-step", process: "platform", stepMs: 60_000 };
    const failure = await failureOf(() => injectFault(completeFault(step), faultContextOf(lab, lab.proxy)));
    expect(failure).toMatchObject({ code: "clock-not-steppable", exitCode: 64 });
  });
});
