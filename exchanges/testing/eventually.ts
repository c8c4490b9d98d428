import { expect } from "vitest";

/** Polls until the expectation holds, with a long timeout because the machine may be busy. */
export function eventually<Value>(ask: () => Value | Promise<Value>) {
  return expect.poll(ask, { timeout: 10_000, interval: 20 });
}
