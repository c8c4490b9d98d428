import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { WebSocket } from "ws";
import { startStub } from "./processes.ts";

/** The streams whose frames are in a tape. */
export const STREAMS = "btcusdt@depth@100ms/btcusdt@trade/btcusdt@bookTicker";
/** Longer after the last frame than a measurement lasts, at the highest tape speed. */
const SILENCE_NS = 10_000_000n * 1_000_000_000n;
const START_NS = 1_700_000_000_000_000_000n;
const MILLISECOND_NS = 1_000_000n;

/** Frames of the synthetic market, as clients of a combined stream receive them. */
export interface Burst {
  readonly snapshot: string;
  readonly frames: readonly string[];
}

/** Listens to the synthetic market until it has sent `count` frames. */
export async function captureBurst(count: number): Promise<Burst> {
  await using stub = await startStub({
    "tape-time": "recorded",
    "tape-start": "paused",
    "tape-speed": "1000",
  });
  const url = `http://127.0.0.1:${stub.restPort}/api/v3/depth?symbol=BTCUSDT&limit=5000`;
  const snapshot = await (await fetch(url)).text();
  const socket = new WebSocket(`ws://127.0.0.1:${stub.wsPort}/stream?streams=${STREAMS}`);
  const frames: string[] = [];
  const enough = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    frames.push(data.toString());
    if (frames.length === count) enough.resolve();
  });
  await once(socket, "open");
  await stub.control("/resume");
  await enough.promise;
  socket.terminate();
  return { snapshot, frames: frames.slice(0, count) };
}

/** Writes the first `count` frames as a tape, a millisecond apart, followed by a long silence. */
export async function writeBurst({ snapshot, frames }: Burst, count: number, path: string): Promise<void> {
  const silence = '{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":1,"p":"1","q":"1"}}';
  const lines = [
    `${START_NS} ${snapshot}`,
    ...frames.slice(0, count).map((frame, index) => `${START_NS + BigInt(index) * MILLISECOND_NS} ${frame}`),
    `${START_NS + SILENCE_NS} ${silence}`,
    "",
  ];
  await writeFile(path, lines.join("\n"));
}

/** The size of frames on the wire: each payload after its header (RFC 6455, section 5.2). */
export function wireBytes(frames: readonly string[]): number {
  let bytes = 0;
  for (const frame of frames) {
    const length = Buffer.byteLength(frame);
    bytes += length + (length < 126 ? 2 : length < 65_536 ? 4 : 10);
  }
  return bytes;
}
