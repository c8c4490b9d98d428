import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { LabProcesses } from "../local/lab-processes.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import { processState } from "../testing/process-state.ts";
import { type HoldCommands, hold } from "./hold.ts";

const LONG_MS = 600_000;
const HERE = pathToFileURL(fileURLToPath(new URL(".", import.meta.url))).href;

let directory = "";
const targets: ChildProcess[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-hold-"));
});
afterAll(async () => {
  for (const target of targets) target.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

async function startTarget(): Promise<number> {
  const target = spawn("sleep", ["600"]);
  targets.push(target);
  await once(target, "spawn");
  return target.pid ?? expect.fail("not started");
}

function commands(pid: number): HoldCommands {
  return {
    pause: 'kill -s STOP "$@"',
    resume: 'kill -s CONT "$@"',
    targets: [String(pid)],
    environment: { PATH: "/bin:/usr/bin" },
  };
}

const options = (durationMs: number) => ({ name: "target", logDirectory: directory, durationMs });
const stands = async (pid: number) => (await processState(pid)) === "T";

describe("a paused process", () => {
  it("does not run, and is resumed when it is released", async () => {
    const pid = await startTarget();
    const held = await hold(
      new LabProcesses(directory, new SecretRegistry()),
      commands(pid),
      options(LONG_MS),
    );
    expect(await stands(pid)).toBe(true);
    await held.release();
    expect(await stands(pid)).toBe(false);
  });

  it("is resumed by itself after its time", async () => {
    const pid = await startTarget();
    const held = await hold(new LabProcesses(directory, new SecretRegistry()), commands(pid), options(100));
    await held.over;
    expect(await stands(pid)).toBe(false);
  });

  it("is resumed when its lab is stopped, and its holder is not part of the lab", async () => {
    const pid = await startTarget();
    const processes = new LabProcesses(directory, new SecretRegistry());
    await hold(processes, commands(pid), options(LONG_MS));
    expect(processes.logs()).toEqual([]);
    await processes.stopAll();
    expect(await stands(pid)).toBe(false);
    expect(processes.deaths()).toEqual([]);
  });

  it("is resumed when the runner is killed with SIGKILL", async () => {
    const pid = await startTarget();
    const script = join(directory, "runner.mjs");
    await writeFile(
      script,
      `const { LabProcesses } = await import("${HERE}../local/lab-processes.ts");
      const { hold } = await import("${HERE}hold.ts");
      const { SecretRegistry } = await import("${HERE}../../core/index.ts");
      await hold(new LabProcesses(${JSON.stringify(directory)}, new SecretRegistry()), ${JSON.stringify(commands(pid))}, ${JSON.stringify(options(LONG_MS))});
      console.log("held");`,
    );
    const runner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(runner.stdout, "data");
    expect(await stands(pid)).toBe(true);
    runner.kill("SIGKILL");
    await expect.poll(() => stands(pid), { timeout: 10_000 }).toBe(false);
  });

  it("is not paused when the machine refuses, with the reason", async () => {
    const refused = { ...commands(1), pause: "echo not allowed >&2; exit 3" };
    const processes = new LabProcesses(directory, new SecretRegistry());
    const failure = await hold(processes, refused, options(LONG_MS)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProcessDiedError);
    expect(String(failure)).toContain("not allowed");
    expect(processes.deaths()).toEqual([]);
  });
});
