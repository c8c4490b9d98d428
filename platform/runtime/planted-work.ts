import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A few of these a second make every second or third tick of a 20 ms clock late by more than 100 ms. */
const OCCUPIED_MS = 160;
/** So many small objects take 75 ms and more to mark; the usual collection takes two. */
const CACHED_OBJECTS = 1_750_000;

/** What the defect `blocking-work` does with each order: computes for 160 ms, and lets nobody else run meanwhile. */
export function occupyEventLoop(): void {
  const endMs = performance.now() + OCCUPIED_MS;
  while (performance.now() < endMs) Math.sqrt(endMs);
}

/**
 * What the defect `forced-gc` consists of: fills a cache that it keeps, and gives a function that collects the whole
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
