import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A few of these a second make every second or third tick of a 20 ms clock late by more than 100 ms. */
const OCCUPIED_MS = 160;
/** A collection that takes this long stands out from hundreds that take two. */
const COLLECTION_MS = 100;
const CACHE_STEP = 250_000;
const CACHE_LIMIT = 5_000_000;

/** What the defect `blocking-work` does with each order: computes for 160 ms, and lets nobody else run meanwhile. */
export function occupyEventLoop(): void {
  const endMs = performance.now() + OCCUPIED_MS;
  while (performance.now() < endMs) Math.sqrt(endMs);
}

/**
 * What the defect `forced-gc` consists of: fills a cache until collecting the heap takes 100 ms on this machine, keeps
 * it, and gives a function that collects the whole heap, cache and all, at once.
 */
export function forceCollections(): () => void {
  // The flag takes effect in contexts that are made after it.
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const cache: { readonly index: number; readonly text: string }[] = [];
  const collectionMs = (): number => {
    const startMs = performance.now();
    collect();
    return performance.now() - startMs;
  };
  // Of two measurements the quicker one: the other may have waited for the machine.
  while (cache.length < CACHE_LIMIT && Math.min(collectionMs(), collectionMs()) < COLLECTION_MS) {
    for (let count = 0; count < CACHE_STEP; count++) {
      cache.push({ index: cache.length, text: `entry ${cache.length}` });
    }
  }
  const kept = cache.length;
  return () => {
    collect();
    // A cache that nobody asked for any more would be garbage itself.
    if (cache.length !== kept) throw new Error("the cache lost its entries");
  };
}
