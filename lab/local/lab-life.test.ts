import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestHttp } from "../../network/index.ts";
import type { Lab } from "../lab.ts";
import { listLabs } from "../lab-record.ts";
import { LINK_NAMES } from "../links.ts";
import type { ProcessDeath } from "../process-died-error.ts";
import { openStateDirectory } from "../state-directory.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { sendOrder } from "../testing/send-order.ts";
import {
  failureOf,
  makeTestDirectory,
  processesIn,
  processIdIn,
  removeTestDirectory,
} from "../testing/test-directory.ts";
import { startLocalLab } from "./start-local-lab.ts";

let directory = "";
let first: Lab;
let second: Lab;

// Two at once, from one process, with an empty cache: the most difficult way to start in parallel.
beforeAll(async () => {
  directory = await makeTestDirectory();
  const options = await sparkLab(directory);
  [first, second] = await Promise.all([startLocalLab(options), startLocalLab({ ...options, seed: 2 })]);
}, 60_000);
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  expect(await processesIn(directory)).toEqual([]);
  await removeTestDirectory(directory);
}, 30_000);

async function isHealthy(lab: Lab): Promise<boolean> {
  const response = await fetch(`${lab.addresses.api}/api/healthz`);
  await response.body?.cancel();
  return response.ok;
}

/** Places one order, as soon as the platform has the book that its risk check needs. */
async function placeOrder(lab: Lab): Promise<void> {
  await expect.poll(() => sendOrder(lab.addresses.api), { timeout: 10_000, interval: 20 }).toBe(201);
}

async function venueOrders(lab: Lab): Promise<number> {
  const { text } = await requestHttp(`${lab.addresses.venueControl}/venues/binance/orders`);
  return (JSON.parse(text) as readonly unknown[]).length;
}

async function databaseOrders(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query("SELECT 1 FROM orders")).rowCount ?? -1;
  } finally {
    await client.end();
  }
}

async function toxics(lab: Lab): Promise<number> {
  return [...(await lab.proxy.links()).values()].flatMap((link) => link.toxics).length;
}

describe("two labs side by side", () => {
  it("are both healthy", async () => {
    expect([await isHealthy(first), await isHealthy(second)]).toEqual([true, true]);
  });

  it("share no address", () => {
    const addressesOf = ({ addresses: { links, ...others } }: Lab) => [
      ...Object.values(links),
      ...Object.values(others),
    ];
    const both = [...addressesOf(first), ...addressesOf(second)];
    expect(new Set(both).size).toBe(both.length);
  });

  it("are both listed with their addresses", async () => {
    const { labs } = await openStateDirectory(directory);
    const listed = await listLabs(labs);
    expect(listed.map((lab) => lab.id).sort()).toEqual([first.id, second.id].sort());
    expect(listed.find((lab) => lab.id === first.id)?.addresses).toEqual(first.addresses);
  });

  it("each have the links of the topology, all connected", async () => {
    const links = await first.proxy.links();
    expect([...links.keys()].sort()).toEqual([...LINK_NAMES].sort());
    for (const link of links.values()) expect(link.upstream).not.toBe("127.0.0.1:1");
  });

  it("describe their parts", async () => {
    expect(await first.describe()).toMatchObject({
      runtime: "local",
      platform: "spark",
      postgres: expect.stringMatching(/^\d+\.\d+/),
      pgbouncer: expect.stringMatching(/PgBouncer \d/),
      market: "synthetic, from the seed",
    });
  });
});

describe("a reset", () => {
  it("removes orders from database and venues, heals the faults, and leaves the platform healthy", async () => {
    await placeOrder(first);
    await placeOrder(second);
    const before = first.addresses.databaseUrl;
    expect([await databaseOrders(before), await venueOrders(first)]).toEqual([1, 1]);
    await first.proxy.addToxic("btcturk-rest", {
      type: "latency",
      stream: "downstream",
      toxicity: 1,
      attributes: { latency: 50 },
    });
    await first.proxy.setEnabled("bist-ws", false);
    await first.reset(7);
    expect([await databaseOrders(first.addresses.databaseUrl), await venueOrders(first)]).toEqual([0, 0]);
    expect(first.addresses.databaseUrl).not.toBe(before);
    expect(await toxics(first)).toBe(0);
    expect((await first.proxy.link("bist-ws")).enabled).toBe(true);
    expect(await isHealthy(first)).toBe(true);
  });

  it("affects no other lab", async () => {
    expect([await databaseOrders(second.addresses.databaseUrl), await venueOrders(second)]).toEqual([1, 1]);
  });

  it("may directly follow another, and the platform trades after it", async () => {
    for (const seed of [1, 2, 3]) await first.reset(seed);
    await placeOrder(first);
    expect(await venueOrders(first)).toBe(1);
    expect(await databaseOrders(first.addresses.databaseUrl)).toBe(1);
  });

  it("ends no process", () => {
    expect(first.deaths()).toEqual([]);
  });
});

describe("a process that dies while its lab runs", () => {
  it("is reported with how it ended, and its last output", async () => {
    const deaths: ProcessDeath[] = [];
    second.onDeath((death) => deaths.push(death));
    process.kill(await processIdIn(directory, "main.ts", second.addresses.poolerUrl), "SIGKILL");
    await expect.poll(() => deaths.length, { timeout: 5_000 }).toBe(1);
    expect(deaths[0]).toMatchObject({ process: "spark", ending: "exit code 137" });
    expect(await readFile(deaths[0]?.logPath ?? "", "utf8")).toContain(
      deaths[0]?.lastLines.at(-1) ?? "nothing",
    );
    expect(second.deaths()).toEqual(deaths);
  });

  it("is not reported by other labs", () => {
    expect(first.deaths()).toEqual([]);
  });

  it("is named by the next reset", async () => {
    const failure = await failureOf(() => second.reset(1));
    expect(failure).toMatchObject({ code: "process-died", exitCode: 69 });
    expect(failure.message).toContain("spark");
  });
});

describe("a lab that is stopped", () => {
  it("leaves the other lab healthy, and neither folder nor record", async () => {
    const folder = dirname(dirname(second.logs()[0]?.path ?? ""));
    expect((await stat(join(folder, "lab.json"))).isFile()).toBe(true);
    await second.stop();
    await expect(stat(folder)).rejects.toThrow(/ENOENT/);
    const { labs } = await openStateDirectory(directory);
    expect((await listLabs(labs)).map((lab) => lab.id)).toEqual([first.id]);
    expect(await isHealthy(first)).toBe(true);
    await placeOrder(first);
  });

  it("may be stopped again", async () => {
    await expect(second.stop()).resolves.toBeUndefined();
  });
});
