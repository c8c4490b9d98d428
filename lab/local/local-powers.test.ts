import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeFault, injectFault } from "../../chaos/index.ts";
import { postgresClient } from "../../network/index.ts";
import { faultContextOf } from "../fault-context.ts";
import type { Lab } from "../lab.ts";
import { listLabs } from "../lab-record.ts";
import type { LabPowers } from "../powers/lab-powers.ts";
import { RemotePowers } from "../powers/remote-powers.ts";
import { openStateDirectory } from "../state-directory.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { processState } from "../testing/process-state.ts";
import { sendOrder } from "../testing/send-order.ts";
import {
  failureOf,
  makeTestDirectory,
  processesIn,
  processIdIn,
  removeTestDirectory,
} from "../testing/test-directory.ts";
import { readProcessTable, treeOf } from "./process-table.ts";
import { startLocalLab } from "./start-local-lab.ts";

const LONG_MS = 600_000;

let directory = "";
let lab: Lab;
beforeAll(async () => {
  directory = await makeTestDirectory();
  lab = await startLocalLab(await sparkLab(directory));
}, 60_000);
afterAll(async () => {
  await lab.stop();
  expect(await processesIn(directory)).toEqual([]);
  await removeTestDirectory(directory);
}, 30_000);

/** A local lab has all powers. */
function powers(): { readonly [Name in "pausing" | "killing" | "cpuReading"]: NonNullable<LabPowers[Name]> } {
  const { pausing, killing, cpuReading } = lab.powers;
  if (pausing === null || killing === null || cpuReading === null) return expect.fail("a power is missing");
  return { pausing, killing, cpuReading };
}

const platformId = () => processIdIn(directory, "main.ts", `@${lab.addresses.links.pgbouncer}`);

async function orderCount(databaseUrl: string): Promise<number> {
  const client = postgresClient(databaseUrl, { connectionTimeoutMillis: 5_000 });
  await client.connect();
  const { rows } = await client.query<{ count: number }>("SELECT count(*)::int AS count FROM orders");
  await client.end();
  return rows[0]?.count ?? 0;
}

async function health(): Promise<number> {
  const response = await fetch(`${lab.addresses.api}/api/healthz`);
  await response.body?.cancel();
  return response.status;
}

describe("a paused process of a local lab", () => {
  it("keeps its clients waiting, and answers them after it is resumed", async () => {
    const pid = await platformId();
    const pause = await powers().pausing.pause("spark", LONG_MS);
    expect(await processState(pid)).toBe("T");
    const answer = health();
    await pause.resume();
    expect(await answer).toBe(200);
    expect(await processState(pid)).not.toBe("T");
  });

  it("is paused with everything that it started", async () => {
    const postmaster = await processIdIn(directory, "bin/postgres");
    const pause = await powers().pausing.pause("postgres", LONG_MS);
    const family = treeOf(await readProcessTable(), postmaster);
    expect(family.length).toBeGreaterThan(3);
    for (const { pid } of family) expect(await processState(pid), `process ${pid}`).toBe("T");
    await pause.resume();
    for (const { pid } of family) expect(await processState(pid), `process ${pid}`).not.toBe("T");
  });

  it("is resumed before a reset", async () => {
    await powers().pausing.pause("pgbouncer", LONG_MS);
    await powers().pausing.pause("exchanges", LONG_MS);
    await lab.reset(3);
    expect(await health()).toBe(200);
    expect(lab.powers.interruptions()).toEqual([]);
  });
});

describe("a process of a local lab that somebody else stops", () => {
  it("is reported until it goes on, and one that its powers paused is not", async () => {
    const { stopReading } = lab.powers;
    const stopped = () => stopReading?.readStopped();
    const pid = await platformId();
    const pause = await powers().pausing.pause("pgbouncer", LONG_MS);
    expect(await stopped()).toEqual([]);
    process.kill(pid, "SIGSTOP");
    try {
      await expect.poll(stopped, { timeout: 10_000 }).toEqual(process.platform === "linux" ? ["spark"] : []);
    } finally {
      process.kill(pid, "SIGCONT");
      await pause.resume();
    }
    await expect.poll(stopped, { timeout: 10_000 }).toEqual([]);
  });
});

describe("the CPU use of a local lab", () => {
  it("is reported by process, and is zero for a paused one", async () => {
    const pause = await powers().pausing.pause("spark", LONG_MS);
    const cpu = await powers().cpuReading.readCpu();
    await pause.resume();
    expect([...cpu.keys()].sort()).toEqual(["exchanges", "pgbouncer", "postgres", "proxy", "spark"]);
    expect(cpu.get("spark")).toBe(0);
  });

  it("is above zero for a platform that is kept busy", async () => {
    let busy = true;
    const load = (async () => {
      while (busy) await health();
    })();
    const cpu = await powers().cpuReading.readCpu();
    busy = false;
    await load;
    expect(cpu.get("spark")).toBeGreaterThan(0);
  });
});

describe("a killed process of a local lab", () => {
  it("is, if it is the platform, restarted at the same address, and not reported as a death", async () => {
    const pid = await platformId();
    const before = lab.addresses;
    expect(await powers().killing.kill("spark", 0)).toMatchObject({
      kind: "started-again",
      process: "spark",
    });
    expect(await platformId()).not.toBe(pid);
    expect(lab.addresses).toEqual(before);
    await expect.poll(health, { timeout: 10_000 }).toBe(200);
    expect(lab.deaths()).toEqual([]);
    await lab.reset(1);
    expect(await health()).toBe(200);
  });

  it("is started again by the healing of its fault, on what it had written, whichever it is", async () => {
    const before = lab.addresses;
    const context = faultContextOf(lab, lab.proxy);
    for (const process of ["postgres", "pgbouncer", "platform"] as const) {
      await expect.poll(() => sendOrder(before.api), { timeout: 15_000 }).toBe(201);
      const kill = { kind: "kill", process };
      const fault = await injectFault(completeFault(kill), context);
      expect(await sendOrder(before.api).catch(() => "no answer")).not.toBe(201);
      await fault.heal();
      expect(await fault.bite()).toMatchObject({ kind: "lasted", state: "was dead" });
      await expect.poll(() => sendOrder(before.api), { timeout: 15_000 }).toBe(201);
    }
    expect(await orderCount(before.databaseUrl)).toBeGreaterThanOrEqual(6);
    expect([lab.addresses, lab.deaths()]).toEqual([before, []]);
    await lab.reset(2);
    expect(await health()).toBe(200);
    expect(await orderCount(lab.addresses.databaseUrl)).toBe(0);
  }, 60_000);

  it("is reported as a death when it was not requested, although an earlier one was", async () => {
    process.kill(await platformId(), "SIGKILL");
    await expect.poll(() => lab.deaths(), { timeout: 5_000 }).toMatchObject([{ process: "spark" }]);
  });

  it("stays dead when nothing restarts it, also when another process killed it", async () => {
    const { labs } = await openStateDirectory(directory);
    expect((await listLabs(labs)).map(({ id }) => id)).toEqual([lab.id]);
    const remote = new RemotePowers(labs, lab.id);
    expect(await remote.kill("exchanges", 0)).toEqual({ kind: "dead", process: "exchanges" });
    expect((await remote.state()).interruptions).toEqual([{ kind: "killed", process: "exchanges" }]);
    expect(lab.deaths().map((death) => death.process)).toEqual(["spark"]);
    expect((await failureOf(() => lab.reset(1))).code).toBe("lab-incomplete");
  });
});
