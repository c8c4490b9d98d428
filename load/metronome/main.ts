import { parentPort, workerData } from "node:worker_threads";
import type { MetronomeMemory } from "./metronome.ts";

/** The metronome's thread: says that it runs, then sleeps until the time in the shared memory, says so, and sleeps on. */
if (parentPort === null)
  throw new TypeError("Expected to run as a worker thread, started by startMetronome.");

const { wakeAtMs, revision } = workerData as MetronomeMemory;
let toldRevision = -1;
parentPort.postMessage(null);

while (true) {
  const seen = Atomics.load(revision, 0);
  const waitMs = seen === toldRevision ? Number.POSITIVE_INFINITY : (wakeAtMs[0] ?? 0) - performance.now();
  if (waitMs > 0) {
    // Returns at once when the time was changed since it was read.
    Atomics.wait(revision, 0, seen, waitMs);
    continue;
  }
  toldRevision = seen;
  parentPort.postMessage(null);
}
