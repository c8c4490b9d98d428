import { setTimeout as delay } from "node:timers/promises";

const LIMIT_MS = 15_000;
const PAUSE_MS = 10;

/**
 * Waits until a condition returns something truthy, and returns that. On a timeout, the error carries the
 * condition's last failure.
 */
export async function until<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
): Promise<NonNullable<Value>> {
  const deadlineMs = performance.now() + LIMIT_MS;
  let failure: unknown;
  while (performance.now() < deadlineMs) {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value;
    } catch (error) {
      failure = error;
    }
    await delay(PAUSE_MS);
  }
  throw new Error(`waited ${LIMIT_MS} ms in vain for: ${what}`, { cause: failure });
}
