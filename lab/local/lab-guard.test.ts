import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabGuard } from "./lab-guard.ts";
import { labMark } from "./lab-mark.ts";
import { readProcessTable } from "./process-table.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-lab-guard-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function makeLab(name: string): Promise<string> {
  const lab = join(directory, name);
  await mkdir(join(lab, "logs"), { recursive: true });
  await writeFile(join(lab, "lab.json"), "{}");
  return lab;
}

/** A process of the lab that left its session and ignores what asks it to end, as a killed guard leaves it. */
function startMarked(lab: string) {
  return spawn("/bin/sh", ["-c", "trap '' TERM HUP INT QUIT; while :; do sleep 0.1; done"], {
    env: { PATH: "/bin:/usr/bin", ...labMark(lab) },
    stdio: "ignore",
    detached: true,
  });
}

describe("the guard of a lab", () => {
  it("removes the lab's folder", async () => {
    const lab = await makeLab("removed");
    const guard = await LabGuard.start(lab);
    expect(existsSync(lab)).toBe(true);
    await guard.end("nothing");
    expect(existsSync(lab)).toBe(false);
  });

  it("keeps the logs of a lab that did not get ready, and nothing else", async () => {
    const lab = await makeLab("kept");
    await (await LabGuard.start(lab)).end("logs");
    expect(await readdir(lab)).toEqual(["logs"]);
  });

  it("keeps no empty folder where the logs are elsewhere", async () => {
    const lab = await makeLab("logs-elsewhere");
    await rm(join(lab, "logs"), { recursive: true });
    await (await LabGuard.start(lab)).end("logs");
    expect(existsSync(lab)).toBe(false);
  });

  it("does both also when somebody has killed it", async () => {
    const lab = await makeLab("killed");
    const guard = await LabGuard.start(lab);
    const processes = [...(await readProcessTable()).values()];
    const script = processes.find(({ commandLine }) => commandLine.includes(lab));
    process.kill(script?.pid ?? 0, "SIGKILL");
    await guard.end("nothing");
    expect(existsSync(lab)).toBe(false);
  });

  it("has no folder to remove before there is a lab", async () => {
    await expect(
      (await LabGuard.start(join(directory, "never-made"))).end("nothing"),
    ).resolves.toBeUndefined();
  });

  describe.runIf(process.platform === "linux")("on Linux", () => {
    it("ends what carries the lab's mark, and nothing of another lab", async () => {
      const [lab, other] = [await makeLab("one"), await makeLab("other")];
      const guard = await LabGuard.start(lab);
      const [marked, unconcerned] = [startMarked(lab), startMarked(other)];
      const gone = once(marked, "exit");
      await guard.end("nothing");
      expect(await gone).toEqual([null, "SIGKILL"]);
      expect(unconcerned.exitCode).toBe(null);
      unconcerned.kill("SIGKILL");
    });

    it("does so when the lab's runner is killed, and removes the folder", async () => {
      const lab = await makeLab("orphan");
      const marked = startMarked(lab);
      const gone = once(marked, "exit");
      const module = JSON.stringify(new URL("lab-guard.ts", import.meta.url).href);
      const script = `const { LabGuard } = await import(${module});
        await LabGuard.start(${JSON.stringify(lab)});
        console.log("guarded");
        setInterval(() => undefined, 1_000);`;
      const runner = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(createInterface({ input: runner.stdout }), "line");
      expect(existsSync(lab)).toBe(true);
      runner.kill("SIGKILL");
      expect(await gone).toEqual([null, "SIGKILL"]);
      await expect.poll(() => existsSync(lab), { timeout: 10_000 }).toBe(false);
    });

    it("removes the shared memory of a Postgres that was killed", async (test) => {
      const lab = await makeLab("postgres");
      const made = spawn("ipcmk", ["-M", "64"], { stdio: ["ignore", "pipe", "ignore"] });
      const line = await Promise.race([once(made.stdout, "data"), once(made, "error").then(() => null)]);
      if (line === null) return test.skip("there is no ipcmk here");
      const segment = /\d+/.exec(String(line[0]))?.[0] ?? "";
      await mkdir(join(lab, "postgres", "data"), { recursive: true });
      const pidFile = `1\n/data\n1\n1\n\n127.0.0.1\n  5432001    ${segment}\nready\n`;
      await writeFile(join(lab, "postgres", "data", "postmaster.pid"), pidFile);
      const segments = async () =>
        (await readFile("/proc/sysvipc/shm", "utf8")).split("\n").map((row) => row.trim().split(/\s+/)[1]);
      expect(await segments()).toContain(segment);
      await (await LabGuard.start(lab)).end("nothing");
      expect(await segments()).not.toContain(segment);
    });
  });
});
