/** How much one read takes at most. Larger reads cost less processor time a byte; beyond this the gain is small. */
const BUFFER_BYTES = 128 * 1024;

/** Buffers kept for later use; more than these are left to the garbage collector. */
const SPARE_BUFFERS = 16;

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

  /** A buffer that is the caller's alone until it is given back. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** Takes back a buffer from `take`. Nothing may read from it any more. */
  give(buffer: Buffer): void {
    if (this.#spare.length < SPARE_BUFFERS) this.#spare.push(buffer);
  }
}
