/** The largest read. Larger reads cost less CPU per byte; beyond this the gain is small. */
const BUFFER_BYTES = 128 * 1024;

/** Buffers kept for reuse, 8 MiB a link at most; further ones are left to the garbage collector. */
const SPARE_BUFFERS = 64;

/**
 * Reusable memory for socket reads. Otherwise Node allocates 64 KiB for each read, which accumulates until it
 * is garbage-collected.
 */
export class ReadBuffers {
  /**
   * One buffer shared by all sockets: on Linux and macOS a read fills it only when bytes are available, and
   * they are processed before the next read. A consumer that keeps bytes must copy them. An idle connection
   * therefore needs no buffer.
   */
  readonly shared: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #spare: Buffer[] = [];

  /** A buffer that belongs to the caller until it is returned. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** Takes back a buffer of `take`. Nothing may read from it any more. */
  give(buffer: Buffer): void {
    if (this.#spare.length < SPARE_BUFFERS) this.#spare.push(buffer);
  }
}
