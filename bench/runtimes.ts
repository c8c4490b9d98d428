import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import {
  CONTAINER_START_LIMIT_MS,
  dockerVariables,
  type Lab,
  RUNTIME_NAMES,
  type Runtime,
  type RuntimeName,
  startLab,
} from "../lab/index.ts";
import { median } from "./median.ts";
import { sparkLabOptions, timed } from "./spark-lab.ts";

const execute = promisify(execFile);
const RESETS = 5;
/** Between two resets an experiment would run, during which the platform settles. */
const PAUSE_MS = 500;
const BYTES_PER_KB = 1_024;
const UNIT_BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 };

/** The figures of one lab. */
interface LabFigures {
  readonly readyMs: number;
  readonly resetsMs: readonly number[];
  readonly stopMs: number;
  readonly memoryMb: number;
}

/** Compares the runtimes within one run: start, reset, stop, and memory. */
export async function benchRuntimes(rounds: number): Promise<void> {
  const names: RuntimeName[] = RUNTIME_NAMES.filter((name) => name === "local");
  if (await dockerAnswers()) names.push(...RUNTIME_NAMES.filter((name) => name !== "local"));
  else console.log("no Docker engine answers: only the local runtime is measured");
  // The first lab of each creates what later ones reuse: images, an initialized database, compiled code.
  for (const name of names) await (await startLab(runtimeOf(name), await sparkLabOptions())).stop();
  const figures = new Map<RuntimeName, LabFigures[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) figures.get(name)?.push(await measure(name));
  }
  const row = (title: string, unit: string, pick: (lab: LabFigures) => readonly number[]) => {
    const cells = names.map((name) => median((figures.get(name) ?? []).flatMap(pick)).toFixed(0));
    console.log(`${title.padEnd(10)}${cells.map((cell) => `${cell} ${unit}`.padStart(14)).join("")}`);
  };
  console.log(`medians of ${rounds} rounds, ${RESETS} resets in each`);
  console.log(`${"".padEnd(10)}${names.map((name) => name.padStart(14)).join("")}`);
  row("ready", "ms", ({ readyMs }) => [readyMs]);
  row("reset", "ms", ({ resetsMs }) => resetsMs);
  row("stop", "ms", ({ stopMs }) => [stopMs]);
  row("memory", "MB", ({ memoryMb }) => [memoryMb]);
}

async function measure(name: RuntimeName): Promise<LabFigures> {
  const options = await sparkLabOptions();
  const startMs = performance.now();
  const lab = await startLab(runtimeOf(name), options);
  const readyMs = performance.now() - startMs;
  const resetsMs: number[] = [];
  for (let round = 0; round < RESETS; round++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    resetsMs.push(await timed(() => lab.reset(round)));
  }
  const memoryMb = name === "local" ? await memoryOfChildrenMb() : await memoryOfContainersMb(lab);
  return { readyMs, resetsMs, memoryMb, stopMs: await timed(() => lab.stop()) };
}

function runtimeOf(name: RuntimeName): Runtime {
  if (name === "local") return { name };
  return {
    name,
    docker: {
      environment: dockerVariables(process.env),
      proxyEngine: "toxiproxy",
      platformImage: null,
      startLimitMs: CONTAINER_START_LIMIT_MS,
    },
  };
}

async function dockerAnswers(): Promise<boolean> {
  return execute("docker", ["version"]).then(
    () => true,
    () => false,
  );
}

/** The memory of a lab's containers by the engine's report, in MB (10^6 bytes). */
async function memoryOfContainersMb({ id }: Lab): Promise<number> {
  const { stdout: ids } = await execute("docker", ["ps", "--quiet", "--filter", `name=${id}`]);
  const { stdout } = await execute("docker", [
    ...["stats", "--no-stream", "--format", "{{.MemUsage}}"],
    ...ids.split("\n").filter((line) => line !== ""),
  ]);
  const used = [...stdout.matchAll(/^([\d.]+)([A-Za-z]+) \//gm)];
  return (
    used.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_BYTES[unit ?? ""] ?? 0), 0) / 1e6
  );
}

/** The proportional set sizes of all child processes, in MB (10^6 bytes): shared memory counts once. */
async function memoryOfChildrenMb(): Promise<number> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const)));
  const descends = (pid: string | undefined): boolean => {
    const parent = pid === undefined ? undefined : parents.get(pid);
    return parent !== undefined && (parent === String(process.pid) || descends(parent));
  };
  const sizes = await Promise.all(pids.filter(descends).map(proportionalKb));
  return (sizes.reduce((sum, size) => sum + size, 0) * BYTES_PER_KB) / 1e6;
}

/** A process that has ended meanwhile has no file, no parent and no size. */
async function parentOf(pid: string): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? "";
}

async function proportionalKb(pid: string): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}
