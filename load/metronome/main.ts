import { parentPort, workerData } from "node:worker_threads";
import { METRONOME_PHASE, type MetronomeMemory, MIN_WAIT_MS } from "./metronome.ts";

/**
 * The metronome's thread: reports that it runs, then repeatedly sleeps until the time in the shared memory
 * and reports that it has come.
 */
if (parentPort === null)
  throw new TypeError("Expected to run as a worker thread, started by startMetronome.");

const { wakeAtMs, revision, phase } = workerData as MetronomeMemory;
/** Never changed: to sleep on for a fixed time. */
const nothing = new Int32Array(new SharedArrayBuffer(4));
let toldRevision = -1;
parentPort.postMessage(null);

while (true) {
  Atomics.store(phase, 0, METRONOME_PHASE.waiting);
  const seen = Atomics.load(revision, 0);
  const waitMs = seen === toldRevision ? Number.POSITIVE_INFINITY : (wakeAtMs[0] ?? 0) - performance.now();
  if (waitMs > 0) {
    // Returns at once when the time was changed since it was read.
    Atomics.wait(revision, 0, seen, waitMs);
    continue;
  }
  toldRevision = seen;
  // The next time is set meanwhile, and lies no earlier than the pause's end: nobody needs to wake this thread.
  Atomics.store(phase, 0, METRONOME_PHASE.pausing);
  parentPort.postMessage(null);
  Atomics.wait(nothing, 0, 0, MIN_WAIT_MS);
}
