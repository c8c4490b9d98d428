import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { STREAMS, wireBytes } from "./burst-tape.ts";
import { type Load, startStub } from "./processes.ts";

const RECORDING = fileURLToPath(
  new URL("../../../shared/data/binance-spot/btcusdt_20240808.gz", import.meta.url),
);
const NANOSECONDS = 1_000_000_000;
const FASTEST = "100000";
/** How long to wait until the stub has read the recording into memory, so that only replaying is measured. */
const SETTLE_MS = 2_000;

/**
 * Returns how many times faster than real time a recording reaches a subscriber, in full: one figure per
 * round, or none without the recording.
 */
export async function measureReplay(load: Load, rounds: number): Promise<readonly number[]> {
  if (!existsSync(RECORDING)) return [];
  const lines = gunzipSync(readFileSync(RECORDING)).toString().trimEnd().split("\n");
  const frames = lines
    .map((line) => line.slice(line.indexOf(" ") + 1))
    .filter((line) => line.startsWith('{"s'));
  const recordedSeconds = (secondsOf(lines.at(-1)) - secondsOf(lines[0])) / NANOSECONDS;
  const factors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await using stub = await startStub({
      tape: RECORDING,
      "tape-speed": FASTEST,
      "tape-time": "recorded",
      "tape-start": "paused",
    });
    await load.run({ kind: "listen", port: stub.wsPort, path: `/stream?streams=${STREAMS}`, listeners: 1 });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const received = load.run({ kind: "hear", bytes: wireBytes(frames) });
    await stub.control("/resume");
    factors.push(recordedSeconds / (await received).seconds);
  }
  return factors;
}

function secondsOf(line = ""): number {
  return Number(line.slice(0, line.indexOf(" ")));
}
