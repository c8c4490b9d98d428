import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A few of these a second delay every second or third tick of a 20 ms clock by more than 100 ms. */
const OCCUPIED_MS = 160;
/** At somewhat more than a hundred requests a second this fills one core. */
const COSTLY_MS = 7;
/** As long as a synchronous write to a busy disk takes. */
const DISK_MS = 60;
/** With this many small objects the mark phase takes 75 ms and more; a usual collection takes two. */
const CACHED_OBJECTS = 1_750_000;

/** What the defect `blocking-work` does for each order: computes for 160 ms and blocks the event loop. */
export function occupyEventLoop(): void {
  const endMs = performance.now() + OCCUPIED_MS;
  while (performance.now() < endMs) Math.sqrt(endMs);
}

/**
 * What the defect `costly-request` does for each request: computes for a few milliseconds of CPU time, not of
 * wall time, so that a busy machine does not reduce the work.
 */
export function computeForNothing(): void {
  const endMs = cpuTimeMs() + COSTLY_MS;
  while (cpuTimeMs() < endMs) for (let root = 0; root < 10_000; root++) Math.sqrt(root);
}

/**
 * What the defect `synchronous-wait` does for each order: waits without computing, and blocks the event loop.
 */
export function waitSynchronously(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, DISK_MS);
}

/**
 * What the defect `forced-gc` does: fills a cache that it keeps, and returns a function that collects the
 * whole heap, cache included, at once.
 */
export function forceCollections(): () => void {
  const cache = Array.from({ length: CACHED_OBJECTS }, (_, index) => ({ index, text: `entry ${index}` }));
  // The flag takes effect in contexts that are created after it was set.
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  return () => {
    collect();
    // The reference keeps the cache from being collected as garbage.
    if (cache.length !== CACHED_OBJECTS) throw new Error("the cache lost its entries");
  };
}

function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
