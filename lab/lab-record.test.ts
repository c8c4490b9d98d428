import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../core/index.ts";
import type { LabAddresses } from "./lab.ts";
import { type LabRecord, listLabs, sweepDeadLabs, writeLabRecord } from "./lab-record.ts";
import { LINK_NAMES } from "./links.ts";
import { labMark } from "./local/lab-mark.ts";
import { currentOwner, isAlive } from "./process-owner.ts";
import { stopLab } from "./stop-lab.ts";

const ADDRESSES: LabAddresses = {
  api: "http://127.0.0.1:1001",
  platform: "http://127.0.0.1:1002",
  metrics: "http://127.0.0.1:1002/metrics",
  proxyControl: "http://127.0.0.1:1003",
  venueControl: "http://127.0.0.1:1004",
  databaseUrl: "postgresql://kanit@127.0.0.1:1005/spark",
  poolerUrl: "postgresql://spark@127.0.0.1:1006/spark",
  poolerAdminUrl: "postgresql://kanit@127.0.0.1:1007/pgbouncer",
  links: Object.fromEntries(
    LINK_NAMES.map((name, index) => [name, `127.0.0.1:${1008 + index}`]),
  ) as LabAddresses["links"],
};
const TWO_MINUTES_MS = 120_000;

let labs = "";
const children: ChildProcess[] = [];
beforeEach(async () => {
  labs = await mkdtemp(join(tmpdir(), "kanit-records-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(labs, { recursive: true, force: true });
});

async function record(id: string, changes: Partial<LabRecord> = {}): Promise<LabRecord> {
  const made: LabRecord = {
    id,
    runtime: "local",
    owner: await currentOwner(),
    createdAt: "2025-01-01T00:00:00.000Z",
    addresses: ADDRESSES,
    canary: null,
    ...changes,
  };
  await mkdir(join(labs, id));
  await writeLabRecord(join(labs, id), made);
  return made;
}

async function recordText(id: string, text: string, ageMs = 0): Promise<void> {
  await mkdir(join(labs, id));
  await writeFile(join(labs, id, "lab.json"), text);
  const modifiedAt = new Date(Date.now() - ageMs);
  await utimes(join(labs, id), modifiedAt, modifiedAt);
}

/** A process of this test, and its first line of output. */
async function startChild(script: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: String(said).trim() };
}

/** The start time of a running process on this machine, as in a record. */
async function ownerOf(pid: number): Promise<LabRecord["owner"]> {
  const script = `import { currentOwner } from ${JSON.stringify(new URL("process-owner.ts", import.meta.url).href)};
    Object.defineProperty(process, "pid", { value: ${pid} });
    console.log(JSON.stringify(await currentOwner()));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return JSON.parse(String(line)) as LabRecord["owner"];
}

const names = async () => (await readdir(labs)).sort();
const sweep = () => sweepDeadLabs(labs, Date.now());

describe("the list of labs", () => {
  it("contains those whose owner is alive, as they were written, oldest first", async () => {
    const younger = await record("younger", { createdAt: "2025-01-01T00:00:02.000Z" });
    const older = await record("older", { createdAt: "2025-01-01T00:00:01.000Z", addresses: null });
    expect(await listLabs(labs)).toEqual([older, younger]);
  });

  it("does not contain those whose owner is dead", async () => {
    const { child } = await startChild("echo up; exec sleep 60");
    const owner = await ownerOf(child.pid ?? 0);
    await record("orphan", { owner });
    expect((await listLabs(labs)).map((lab) => lab.id)).toEqual(["orphan"]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await listLabs(labs)).toEqual([]);
  });

  it("does not contain those whose owner's id now belongs to another process", async () => {
    const { pid } = await currentOwner();
    await record("reused", { owner: { pid, startedAt: "another time" } });
    expect(await listLabs(labs)).toEqual([]);
  });

  it("does not contain a torn record", async () => {
    await recordText("torn", '{"id":"torn","runti');
    expect(await listLabs(labs)).toEqual([]);
  });

  it("does not contain a record of another version of kanit", async () => {
    await recordText("foreign", JSON.stringify({ id: "foreign", owner: await currentOwner(), wires: 3 }));
    expect(await listLabs(labs)).toEqual([]);
  });
});

describe("sweeping", () => {
  it("removes the folders of dead owners only, and counts them", async () => {
    await record("alive");
    await record("dead", { owner: { pid: 1, startedAt: "another time" } });
    expect(await sweep()).toBe(1);
    expect(await names()).toEqual(["alive"]);
  });

  it.runIf(process.platform === "linux")(
    "ends what still runs of them, whatever it did to survive",
    async () => {
      await record("survived", { owner: { pid: 1, startedAt: "another time" } });
      const stubborn = 'trap "" TERM HUP; echo up; while :; do sleep 0.1; done';
      const child = spawn("/bin/sh", ["-c", stubborn], {
        detached: true,
        env: { PATH: "/bin:/usr/bin", ...labMark(join(labs, "survived")) },
      });
      const ended = once(child, "exit");
      await once(child.stdout, "data");
      expect(await sweep()).toBe(1);
      expect(await ended).toEqual([null, "SIGKILL"]);
    },
  );

  it("keeps a folder without a record for the lab that is just being created", async () => {
    await mkdir(join(labs, "new"));
    expect(await sweep()).toBe(0);
    expect(await names()).toEqual(["new"]);
  });

  it("removes a folder that never got a record", async () => {
    await mkdir(join(labs, "abandoned"));
    expect(await sweepDeadLabs(labs, Date.now() + TWO_MINUTES_MS)).toBe(1);
    expect(await names()).toEqual([]);
  });

  it("removes an old folder with a torn record", async () => {
    await recordText("torn", '{"id":"torn","runti', TWO_MINUTES_MS);
    expect(await sweep()).toBe(1);
  });

  it("keeps an old folder of another version of kanit while its owner is alive", async () => {
    const text = JSON.stringify({ id: "foreign", owner: await currentOwner(), wires: 3 });
    await recordText("foreign", text, TWO_MINUTES_MS);
    expect(await sweep()).toBe(0);
    expect(await names()).toEqual(["foreign"]);
  });

  it("removes an old folder of another version of kanit whose owner is dead", async () => {
    const text = JSON.stringify({ id: "foreign", owner: { pid: 1, startedAt: "another time" }, wires: 3 });
    await recordText("foreign", text, TWO_MINUTES_MS);
    expect(await sweep()).toBe(1);
  });
});

describe("an owner", () => {
  it("that has ended but was not waited for counts as dead", async () => {
    const { said } = await startChild("sleep 0.1 & echo $!; exec sleep 60");
    const owner = await ownerOf(Number(said));
    await expect.poll(() => isAlive(owner), { timeout: 5_000, interval: 20 }).toBe(false);
  });
});

describe("stopping a lab", () => {
  it("ends its owner with SIGTERM and waits until it has ended", async () => {
    const { child } = await startChild("echo up; exec sleep 60");
    const ended = once(child, "exit");
    const lab = await record("mine", { owner: await ownerOf(child.pid ?? 0) });
    await stopLab(lab, systemClock);
    expect(await isAlive(lab.owner)).toBe(false);
    expect(await ended).toEqual([null, "SIGTERM"]);
  });

  it("reports how to end an owner that does not end", async () => {
    const { child } = await startChild("trap '' TERM; echo up; while :; do sleep 1; done");
    const lab = await record("stubborn", { owner: await ownerOf(child.pid ?? 0) });
    let nowMs = 0;
    const clock: Clock = {
      ...systemClock,
      monotonicMs: () => nowMs,
      sleep: async (durationMs) => {
        nowMs += durationMs;
      },
    };
    await expect(stopLab(lab, clock)).rejects.toMatchObject({
      code: "lab-not-stopped",
      exitCode: 69,
      nextStep: expect.stringContaining(`kill -9 ${child.pid}`),
    });
  });

  it("does nothing when its owner is dead already", async () => {
    const { pid } = await currentOwner();
    const lab = await record("dead", { owner: { pid, startedAt: "another time" } });
    // If the signal were sent, it would end this test run.
    await expect(stopLab(lab, systemClock)).resolves.toBeUndefined();
  });
});
