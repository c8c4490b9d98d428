import { join } from "node:path";
import { cpuSeconds } from "../fault-proxy/process-figures.ts";
import type { Table } from "../fault-proxy/table.ts";
import { type Burst, STREAMS, wireBytes, writeBurst } from "./burst-tape.ts";
import { type Load, type Program, startBareWebSocket, startStub } from "./processes.ts";

const MICROSECONDS = 1_000_000;
const FASTEST = "100000";
const PATH = `/stream?streams=${STREAMS}`;

/** The number of listeners, and of frames sent at once: fewer than the venue's limit for slow readers. */
export interface FanOut {
  readonly listeners: number;
  readonly frames: number;
}

/**
 * Sends a burst of frames to many subscribers as fast as possible: from the stub, which replays a tape,
 * updates its book and forwards the frames, and from bare `ws`, which sends the same bytes.
 */
export async function measureFanOut(
  load: Load,
  table: Table,
  { burst, fanOut, folder }: { burst: Burst; fanOut: FanOut; folder: string },
): Promise<void> {
  const frames = burst.frames.slice(0, fanOut.frames);
  const bytes = wireBytes(frames);
  const tape = join(folder, `burst-${fanOut.listeners}.jsonl`);
  await writeBurst(burst, fanOut.frames, tape);
  const measure = async (engine: string, program: Program, port: number, start: () => Promise<void>) => {
    await load.run({ kind: "listen", port, path: PATH, listeners: fanOut.listeners });
    const cpuBefore = await cpuSeconds(program.pid);
    const received = load.run({ kind: "hear", bytes });
    await start();
    const { seconds } = await received;
    const cpuMicroseconds = ((await cpuSeconds(program.pid)) - cpuBefore) * MICROSECONDS;
    const sent = fanOut.listeners * frames.length;
    const to = `to ${fanOut.listeners} subscribers`;
    table.add(engine, [
      { name: `frames ${to}`, unit: "1/s", better: "more", value: sent / seconds },
      { name: `processor per frame ${to}`, unit: "µs", better: "less", value: cpuMicroseconds / sent },
    ]);
  };
  {
    await using bare = await startBareWebSocket();
    await measure("bare", bare, bare.port, async () => bare.send(frames));
  }
  await using stub = await startStub({
    tape,
    "tape-speed": FASTEST,
    "tape-time": "recorded",
    "tape-start": "paused",
  });
  await measure("kanit", stub, stub.wsPort, () => stub.control("/resume"));
}
