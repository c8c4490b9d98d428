import { parentPort, workerData } from "node:worker_threads";
import { METRONOME_PHASE, type MetronomeMemory, MIN_WAIT_MS } from "./metronome.ts";

/**
 * The metronome's thread: reports that it runs, then repeatedly sleeps until the time in the shared memory
 * and reports that time.
 */
if (parentPort === null)
  throw new TypeError("Expected to run as a worker thread, started by startMetronome.");

const { wakeAtMs, revision, phase } = workerData as MetronomeMemory;
/** Never changed: waiting on it is a sleep of a fixed time. */
const nothing = new Int32Array(new SharedArrayBuffer(4));
let toldRevision = -1;
parentPort.postMessage(null);

while (true) {
  Atomics.store(phase, 0, METRONOME_PHASE.waiting);
  const seen = Atomics.load(revision, 0);
  const waitMs = seen === toldRevision ? Number.POSITIVE_INFINITY : (wakeAtMs[0] ?? 0) - performance.now();
  if (waitMs > 0) {
    // Returns at once when the time has changed since it was read.
    Atomics.wait(revision, 0, seen, waitMs);
    continue;
  }
  toldRevision = seen;
  // A time that is set during the pause is never before the pause's end, so this thread needs no wake-up.
  Atomics.store(phase, 0, METRONOME_PHASE.pausing);
  parentPort.postMessage(null);
  Atomics.wait(nothing, 0, 0, MIN_WAIT_MS);
}
