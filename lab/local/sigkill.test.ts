import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const execute = promisify(execFile);
const COMMAND_LINE = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const LIMIT_MS = 5_000;

let temporaryDirectory = "";
beforeAll(async () => {
  temporaryDirectory = await mkdtemp(join(tmpdir(), "kanit-sigkill-"));
  // Root's Postgres runs as another user, who needs access.
  await chmod(temporaryDirectory, 0o755);
});
afterAll(async () => {
  await rm(temporaryDirectory, { recursive: true, force: true });
});

function startRunner(): ChildProcess {
  const args = [COMMAND_LINE, "up", "--tape", "synthetic"];
  return spawn(process.execPath, args, {
    env: { TMPDIR: temporaryDirectory, PATH: "/usr/bin:/bin" },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The processes that remain of the runner's labs, found by the folder in their arguments or environment. */
async function leftovers(): Promise<readonly string[]> {
  const { stdout } = await execute("ps", ["axeww", "-o", "pid=,command="], { maxBuffer: 64 * 1024 * 1024 });
  const own = new Set([String(process.pid), String(process.ppid)]);
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes(temporaryDirectory) && !own.has(line.split(" ")[0] ?? ""))
    .map((line) => line.slice(0, 120));
}

const folders = (): Promise<readonly string[]> =>
  readdir(join(temporaryDirectory, `kanit-${process.getuid?.() ?? 0}`, "labs")).catch(() => []);

const untilNothingIsLeft = () =>
  expect
    .poll(async () => [...(await leftovers()), ...(await folders())], { timeout: LIMIT_MS, interval: 100 })
    .toEqual([]);

async function kill(runner: ChildProcess): Promise<void> {
  expect(runner.exitCode, "the runner ended before it was killed").toBeNull();
  const gone = once(runner, "exit");
  runner.kill("SIGKILL");
  await gone;
}

async function recordedPorts(): Promise<readonly number[]> {
  const labs = join(temporaryDirectory, `kanit-${process.getuid?.() ?? 0}`, "labs");
  const ports: number[] = [];
  for (const id of await readdir(labs)) {
    const text = await readFile(join(labs, id, "lab.json"), "utf8").catch(() => "");
    for (const [, port] of text.matchAll(/127\.0\.0\.1:(\d+)/g)) ports.push(Number(port));
  }
  return [...new Set(ports)];
}

/** What the server was told that initdb runs: it has no folder of a lab to leave shared memory in otherwise. */
async function settingsWhileInitialized(): Promise<string> {
  const cache = join(temporaryDirectory, `kanit-${process.getuid?.() ?? 0}`, "cache");
  const prepared = (await readdir(cache)).find((name) => name.startsWith("data-")) ?? "none";
  return await readFile(join(cache, prepared, "postgresql.conf"), "utf8");
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

// Only time passes before these kills, because they must hit any stage of the start. The first start has an
// empty cache and therefore includes the initialization of the database.
const MOMENTS_MS = [600, 50, 150, 250, 350, 450, 600, 800, 1_000];

describe("a runner that is killed with SIGKILL", () => {
  it.each(MOMENTS_MS)(
    "%i ms after its start leaves no process and no folder behind",
    { timeout: 30_000 },
    async (momentMs) => {
      const runner = startRunner();
      await new Promise((resolve) => setTimeout(resolve, momentMs));
      await kill(runner);
      await untilNothingIsLeft();
    },
  );

  it("when its lab is up leaves no process, no port and no folder behind", { timeout: 60_000 }, async () => {
    const runner = startRunner();
    let said = "";
    runner.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Ctrl-C stops it");
    expect(await settingsWhileInitialized()).toContain("dynamic_shared_memory_type = mmap");
    const ports = await recordedPorts();
    expect(ports.length).toBeGreaterThanOrEqual(10);
    expect(await listens(ports[0] ?? 0)).toBe(true);
    await kill(runner);
    await untilNothingIsLeft();
    const open = await Promise.all(ports.map(listens));
    expect(ports.filter((_, index) => open[index])).toEqual([]);
  });
});

describe("a runner that receives SIGTERM", () => {
  it("stops its lab, and removes its folder", { timeout: 60_000 }, async () => {
    const runner = startRunner();
    await once(runner.stdout ?? runner, "data");
    const ended = once(runner, "exit");
    runner.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(await leftovers()).toEqual([]);
  });
});
