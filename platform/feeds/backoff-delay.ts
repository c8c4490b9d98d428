const BASE_MS = 100;
const CAP_MS = 5_000;

/**
 * The delay before the next connection attempt, in ms: almost none after the first failure, then exponential
 * with full jitter, so that not every client reconnects at the same moment.
 *
 * @param failures how many attempts in a row have failed, 0 for the first
 * @param random a number in [0, 1)
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceilingMs = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures, 16));
  return failures === 0 ? Math.round(random * 20) : Math.round(ceilingMs / 2 + (random * ceilingMs) / 2);
}
