import { expect } from "vitest";

/** Asks until the expectation holds; patient, since the machine may be busy with other things. */
export function eventually<Value>(ask: () => Value | Promise<Value>) {
  return expect.poll(ask, { timeout: 10_000, interval: 20 });
}
