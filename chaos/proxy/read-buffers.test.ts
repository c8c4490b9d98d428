import { describe, expect, it } from "vitest";
import { ReadBuffers } from "./read-buffers.ts";

describe("read buffers", () => {
  it("are reused once they were returned", () => {
    const buffers = new ReadBuffers();
    const first = buffers.take();
    buffers.give(first);
    expect(buffers.take()).toBe(first);
  });

  it("are never given to two users at once, and are never the shared one", () => {
    const buffers = new ReadBuffers();
    const taken = Array.from({ length: 40 }, () => buffers.take());
    for (const buffer of taken) buffers.give(buffer);
    const again = Array.from({ length: 40 }, () => buffers.take());
    expect(new Set([...again, buffers.shared]).size).toBe(41);
  });

  it("are kept only up to a bound, however many were in use", () => {
    const buffers = new ReadBuffers();
    const taken = Array.from({ length: 100 }, () => buffers.take());
    for (const buffer of taken) buffers.give(buffer);
    const known = new Set(taken);
    const again = Array.from({ length: 100 }, () => buffers.take());
    expect(again.filter((buffer) => known.has(buffer))).toHaveLength(64);
  });
});
