import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { StartedEngine } from "./engine.ts";
import type { LoadResult, LoadTask } from "./load-task.ts";
import { cpuSeconds, residentMemory } from "./process-figures.ts";

const LOAD_MAIN = new URL("./load-main.ts", import.meta.url);
const ORIGIN_MAIN = new URL("./origin-main.ts", import.meta.url);

const BULK_BYTES = 1_500_000_000;
const MESSAGE_BYTES = 100;
const ROUND_TRIPS_MS = 500;
const WARM_UP_MS = 200;
const HELD_CONNECTIONS = 1_000;
const CONNECTS = 1_500;
const PARALLEL_CONNECTS = 8;
/** How long to leave a process idle before its memory is read. */
const SETTLE_MS = 1_000;

/** One figure of one engine in one round. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Which direction is better. */
  readonly better: "more" | "less";
  readonly value: number;
}

/** The programs on both sides of an engine, each in a process of its own. */
export interface Bench extends AsyncDisposable {
  readonly originPort: number;
  run(task: LoadTask): Promise<LoadResult>;
}

export async function startBench(): Promise<Bench> {
  const [origin, load] = [fork(ORIGIN_MAIN), fork(LOAD_MAIN)];
  const originPort = (await nextMessage(origin)) as number;
  return {
    originPort,
    run: async (task) => {
      load.send(task);
      return (await nextMessage(load)) as LoadResult;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([origin, load].map(end));
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  const died = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`expected a message from ${child.spawnargs.at(-1)}, got its end with code ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), died]);
    return message;
  } finally {
    settled.abort();
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}

/** One measurement of a running engine. */
export type Measurement = (bench: Bench, engine: StartedEngine) => Promise<Figure[]>;

const roundTrips: readonly Measurement[] = [
  (bench, engine) => measureRoundTrips(bench, engine, 1),
  (bench, engine) => measureRoundTrips(bench, engine, 32),
];

/**
 * The measurements of a round, in this order: memory first, since the later ones change it. Round trips are
 * affected most by other load on the machine, so they are measured several times, in short windows.
 */
export const MEASUREMENTS: readonly Measurement[] = [
  measureIdleMemory,
  ...roundTrips,
  measureConnects,
  ...roundTrips,
  (bench, engine) => measureBulk(bench, engine, "download"),
  (bench, engine) => measureBulk(bench, engine, "upload"),
  (_bench, engine) => memory(engine, "memory after bulk"),
  ...roundTrips,
];

async function measureIdleMemory(bench: Bench, { port, pid }: StartedEngine): Promise<Figure[]> {
  if (pid === null) return [];
  const before = await memory({ pid }, "memory at start");
  await bench.run({ kind: "hold", port, connections: HELD_CONNECTIONS });
  const during = await memory({ pid }, `memory, ${HELD_CONNECTIONS} idle connections`);
  await bench.run({ kind: "let-go" });
  return [...before, ...during];
}

async function memory({ pid }: Pick<StartedEngine, "pid">, name: string): Promise<Figure[]> {
  if (pid === null) return [];
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const { totalMb, ownMb } = await residentMemory(pid);
  const common = { unit: "MB", better: "less" } as const;
  return [
    { name, ...common, value: totalMb },
    { name: `${name}, own`, ...common, value: ownMb },
  ];
}

async function measureRoundTrips(
  bench: Bench,
  { port, pid }: StartedEngine,
  connections: number,
): Promise<Figure[]> {
  const task = { kind: "round-trips", port, connections, messageBytes: MESSAGE_BYTES } as const;
  await bench.run({ ...task, durationMs: WARM_UP_MS });
  const cpuBefore = pid === null ? 0 : await cpuSeconds(pid);
  const { seconds, count, latencyMsP99 } = await bench.run({ ...task, durationMs: ROUND_TRIPS_MS });
  const cpuUs = pid === null ? 0 : (((await cpuSeconds(pid)) - cpuBefore) * 1e6) / count;
  const of = connections === 1 ? "1 connection" : `${connections} connections`;
  return [
    { name: `round trips, ${of}`, unit: "/s", better: "more", value: count / seconds },
    { name: `P99, ${of}`, unit: "µs", better: "less", value: latencyMsP99 * 1_000 },
    ...(pid === null
      ? []
      : [{ name: `CPU a round trip, ${of}`, unit: "µs", better: "less", value: cpuUs } as const]),
  ];
}

async function measureConnects(bench: Bench, { port }: StartedEngine): Promise<Figure[]> {
  const task = { kind: "connects", port, count: CONNECTS, parallel: PARALLEL_CONNECTS } as const;
  const { seconds, count } = await bench.run(task);
  return [{ name: "connections opened and closed", unit: "/s", better: "more", value: count / seconds }];
}

async function measureBulk(
  bench: Bench,
  { port, pid }: StartedEngine,
  kind: "download" | "upload",
): Promise<Figure[]> {
  const cpuBefore = pid === null ? 0 : await cpuSeconds(pid);
  const { seconds } = await bench.run({ kind, port, bytes: BULK_BYTES });
  const figures: Figure[] = [
    { name: `${kind}, 1 connection`, unit: "MB/s", better: "more", value: BULK_BYTES / 1e6 / seconds },
  ];
  if (pid === null) return figures;
  const cpuPerGb = ((await cpuSeconds(pid)) - cpuBefore) / (BULK_BYTES / 1e9);
  return [...figures, { name: `CPU, ${kind}`, unit: "s/GB", better: "less", value: cpuPerGb }];
}
