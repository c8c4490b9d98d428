import { access, readdir, readFile, stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { controlGroupOf } from "../../lab/local/lab-mark.ts";
import type { KillPlace } from "./kill-place.ts";

/** What can be told of a place's labs only while they run. */
export interface Traces {
  readonly ports: readonly number[];
  readonly controlGroups: readonly string[];
  readonly pids: ReadonlySet<number>;
  /** The files in the machine's memory that its processes had mapped. */
  readonly mapped: ReadonlySet<string>;
  /** The shared memory that was there before: an earlier process may have had the same id. */
  readonly earlier: ReadonlySet<string>;
}

interface FoundProcess {
  readonly pid: number;
  readonly line: string;
}

const STATE_FOLDER = `kanit-${process.getuid?.() ?? 0}`;
const SHOWN_CHARACTERS = 160;

const MEMORY = "/dev/shm";

/** The processes of this place, by its folder in their arguments or their environment. */
export async function processesOf({ folder }: KillPlace): Promise<readonly FoundProcess[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    names.map(async (name) => {
      const read = (file: string) => readFile(`/proc/${name}/${file}`, "utf8").catch(() => "");
      const [line, environment] = await Promise.all([read("cmdline"), read("environ")]);
      if (!line.includes(folder) && !environment.includes(folder)) return [];
      return [{ pid: Number(name), line: line.replaceAll("\0", " ").trim() }];
    }),
  );
  return found.flat();
}

/** Notes the ports, the control groups and the processes of the labs that run in this place. */
export async function tracesOf(place: KillPlace, earlier: ReadonlySet<string>): Promise<Traces> {
  const labs = join(place.temporaryDirectory, STATE_FOLDER, "labs");
  const ports = new Set<number>();
  const controlGroups: string[] = [];
  for (const id of await namesIn(labs)) {
    const record = await readFile(join(labs, id, "lab.json"), "utf8").catch(() => "");
    for (const [, port] of record.matchAll(/127\.0\.0\.1:(\d+)/g)) ports.add(Number(port));
    const group = await controlGroupOf(join(labs, id));
    if (group !== null) controlGroups.push(group);
  }
  const pids = new Set((await processesOf(place)).map(({ pid }) => pid));
  const mapped = new Set((await Promise.all([...pids].map(mappedBy))).flat());
  return { ports: [...ports], controlGroups, pids, mapped, earlier };
}

/** What is left of the place's labs, a line each. The cache, which is kept on purpose, is none of it. */
export async function leftovers(place: KillPlace, traces: Traces): Promise<readonly string[]> {
  const [processes, ports, groups, files, segments] = await Promise.all([
    processesOf(place),
    listening(traces.ports),
    existing(traces.controlGroups),
    filesOf(place),
    sharedMemoryOf(traces),
  ]);
  return [
    ...processes.map(({ pid, line }) => `process ${pid}: ${line.slice(0, SHOWN_CHARACTERS)}`),
    ...ports.map((port) => `port ${port} is listened on`),
    ...groups.map((group) => `control group ${group}`),
    ...files.map((file) => `file ${file}`),
    ...segments.map((segment) => `shared memory ${segment}`),
  ];
}

async function filesOf({ temporaryDirectory }: KillPlace): Promise<readonly string[]> {
  const state = join(temporaryDirectory, STATE_FOLDER);
  const labs = await namesIn(join(state, "labs"));
  const others = (await namesIn(temporaryDirectory)).filter((name) => name !== STATE_FOLDER);
  const inState = (await namesIn(state)).filter((name) => name !== "labs" && name !== "cache");
  const contents = await Promise.all(labs.map((id) => describeFolder(join(state, "labs", id))));
  return [...contents, ...others, ...inState.map((name) => join(STATE_FOLDER, name))];
}

async function describeFolder(path: string): Promise<string> {
  const kind = await stat(path).catch(() => null);
  return kind?.isDirectory() === true ? `${path}: ${(await namesIn(path)).join(" ")}` : path;
}

/** All shared memory of the machine: the ids of System V's segments, and files. */
export async function sharedMemory(): Promise<ReadonlySet<string>> {
  return new Set([...(await readSegments()).map(({ id }) => id), ...(await namesIn(MEMORY))]);
}

/** That of this place's labs: another lab of the machine may have come by more in the meantime. */
async function sharedMemoryOf({ pids, mapped, earlier }: Traces): Promise<readonly string[]> {
  const segments = (await readSegments()).filter(
    ({ creatorPid, userPid }) => pids.has(creatorPid) || pids.has(userPid),
  );
  const files = (await namesIn(MEMORY)).filter((name) => mapped.has(name));
  const ours = [...segments.map(({ id }) => id), ...files];
  return ours.filter((name) => !earlier.has(name));
}

async function mappedBy(pid: number): Promise<readonly string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, "utf8").catch(() => "");
  return [...maps.matchAll(/ \/dev\/shm\/([^/\s]+)$/gm)].map(([, name]) => name ?? "");
}

async function readSegments() {
  const table = await readFile("/proc/sysvipc/shm", "utf8").catch(() => "");
  // key, id, permissions, size, creator, last user, users (man 5 proc_sysvipc).
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.map((row) => ({ id: row[1] ?? "", creatorPid: Number(row[4]), userPid: Number(row[5]) }));
}

async function listening(ports: readonly number[]): Promise<readonly number[]> {
  const open = await Promise.all(ports.map(listens));
  return ports.filter((_, index) => open[index]);
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

async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => found[index]);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
