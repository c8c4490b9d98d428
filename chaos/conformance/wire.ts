import type { Peer } from "../proxy/test-rig.ts";

/** How the other end closed a connection, as seen on the wire: `FIN`, `RST`, or another error's code. */
export async function endingOf(peer: Peer): Promise<string> {
  const ended = peer.ended.then(() => "FIN");
  const closed = peer.closed.then((code) => (code === "ECONNRESET" ? "RST" : code));
  return Promise.race([ended, closed]);
}

/** The monotonic time at which it happened. */
export async function timeOf(event: Promise<unknown>): Promise<number> {
  await event;
  return performance.now();
}

/**
 * The result of the promise within the time, or `nothing`. Only for events that come immediately or never, so
 * that the time affects only how long the test takes.
 */
export async function within<T>(timeMs: number, event: Promise<T>): Promise<T | "nothing"> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<"nothing">((resolve) => {
    timer = setTimeout(() => resolve("nothing"), timeMs);
  });
  try {
    return await Promise.race([event, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Polls until the condition holds; the test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The value at or below which this share (0 to 1) of the values are. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
