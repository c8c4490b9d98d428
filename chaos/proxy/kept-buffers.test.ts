import { describe, expect, it } from "vitest";
import { KeptBuffers } from "./kept-buffers.ts";
import { ReadBuffers } from "./read-buffers.ts";

const FILLED_BYTES = 100_000;

function keptChunk() {
  const buffers = new ReadBuffers();
  const kept = new KeptBuffers(buffers);
  const buffer = buffers.take();
  const chunk = buffer.subarray(0, FILLED_BYTES);
  expect(kept.keeps(chunk)).toBe(true);
  return { buffers, kept, buffer, chunk };
}

describe("a read buffer whose bytes wait in toxics", () => {
  it("is read into again once its last byte was sent, and not before", () => {
    const { buffers, kept, buffer, chunk } = keptChunk();
    kept.onWritten(chunk.subarray(0, 40_000), true);
    expect(buffers.take().buffer).not.toBe(buffer.buffer);
    kept.onWritten(chunk.subarray(40_000), false);
    expect(buffers.take().buffer).not.toBe(buffer.buffer);
    kept.onSent();
    expect(buffers.take().buffer).toBe(buffer.buffer);
    kept.onSent();
    expect(buffers.take().buffer).not.toBe(buffer.buffer);
  });

  it("is never read into again when parts of it may be held in another way", () => {
    const { buffers, kept, buffer, chunk } = keptChunk();
    kept.forget();
    kept.onWritten(chunk, true);
    expect(buffers.take().buffer).not.toBe(buffer.buffer);
  });

  it("is not kept for a chunk that fills little of it", () => {
    const buffers = new ReadBuffers();
    expect(new KeptBuffers(buffers).keeps(buffers.take().subarray(0, 1_000))).toBe(false);
  });
});
