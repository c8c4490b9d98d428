/** BTCTurk refuses stamps that are further from its own time; a burst never gets this far ahead of the clock. */
const FURTHEST_AHEAD_MS = 2_000;

/**
 * The stamp of the next request to BTCTurk: the time, or the one behind the last stamp, since no two may share one. A
 * last stamp that is far ahead was made before the clock was set back, and says nothing anymore.
 */
export function nextStamp(lastMs: number, nowMs: number): number {
  const behindLast = Math.max(nowMs, lastMs + 1);
  return behindLast - nowMs > FURTHEST_AHEAD_MS ? nowMs : behindLast;
}
