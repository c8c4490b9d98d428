import type { ReadBuffers } from "./read-buffers.ts";

/** A chunk that fills less of its buffer is copied: it may wait for long, and the rest of the buffer with it. */
const MIN_CHUNK_BYTES = 64 * 1024;

/**
 * Read buffers whose bytes wait in toxics that pass each byte once, unchanged and in order: when the last byte
 * was sent, the buffer can be read into again. Allocating one for each chunk would take more CPU than the proxying.
 */
export class KeptBuffers {
  readonly #buffers: ReadBuffers;
  /** Where the bytes in each buffer end. */
  readonly #ends = new Map<ArrayBufferLike, number>();
  /** Those of which everything was written, and not all was sent. */
  #written: ArrayBufferLike[] = [];

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers;
  }

  /** Keeps the chunk's buffer, unless it should rather be copied. */
  keeps(chunk: Buffer): boolean {
    if (chunk.length < MIN_CHUNK_BYTES) return false;
    this.#ends.set(chunk.buffer, chunk.byteOffset + chunk.length);
    return true;
  }

  /** The bytes were written to their destination, which has sent them or not yet. */
  onWritten({ buffer, byteOffset, length }: Buffer, isSent: boolean): void {
    if (this.#ends.get(buffer) !== byteOffset + length) return;
    this.#ends.delete(buffer);
    this.#written.push(buffer);
    if (isSent) this.onSent();
  }

  /** Everything that was written has been sent. */
  onSent(): void {
    if (this.#written.length === 0) return;
    for (const buffer of this.#written) this.#buffers.give(Buffer.from(buffer));
    this.#written = [];
  }

  /** Leaves all to the garbage collector, since parts of them may be held or sent in another way. */
  forget(): void {
    this.#ends.clear();
    this.#written = [];
  }
}
