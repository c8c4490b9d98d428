import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A few of these a second make every second or third tick of a 20 ms clock late by more than 100 ms. */
const OCCUPIED_MS = 160;
/** At a hundred and some requests a second a core has nothing else to do. */
const COSTLY_MS = 7;
/** What a synchronous write to a busy disk takes. */
const DISK_MS = 60;
/** So many small objects take 75 ms and more to mark; the usual collection takes two. */
const CACHED_OBJECTS = 1_750_000;

/** What the defect `blocking-work` does with each order: computes for 160 ms, and lets nobody else run meanwhile. */
export function occupyEventLoop(): void {
  const endMs = performance.now() + OCCUPIED_MS;
  while (performance.now() < endMs) Math.sqrt(endMs);
}

/**
 * What the defect `costly-request` does with each request: computes for a few milliseconds, by the CPU's time and not
 * by the wall's, so that a busy machine does not make it less work.
 */
export function computeForNothing(): void {
  const endMs = cpuTimeMs() + COSTLY_MS;
  while (cpuTimeMs() < endMs) for (let root = 0; root < 10_000; root++) Math.sqrt(root);
}

/** What the defect `synchronous-wait` does with each order: waits without any computation, and blocks all others. */
export function waitSynchronously(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, DISK_MS);
}

/**
 * What the defect `forced-gc` consists of: fills a cache that it keeps, and returns a function that collects the whole
 * heap, cache and all, at once.
 */
export function forceCollections(): () => void {
  const cache = Array.from({ length: CACHED_OBJECTS }, (_, index) => ({ index, text: `entry ${index}` }));
  // The flag takes effect in contexts that are made after it.
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  return () => {
    collect();
    // A cache that nobody asked for any more would be garbage itself.
    if (cache.length !== CACHED_OBJECTS) throw new Error("the cache lost its entries");
  };
}

function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
