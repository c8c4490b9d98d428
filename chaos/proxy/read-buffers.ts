/** How much one read takes at most. Larger reads cost less processor time a byte; beyond this the gain is small. */
const BUFFER_BYTES = 128 * 1024;

/** Buffers kept for later use; more than these are left to the garbage collector. */
const SPARE_BUFFERS = 16;

/**
 * Memory that sockets read into, used again and again. Node gives each read 64 KiB of its own otherwise, which piles
 * up until it is collected.
 */
export class ReadBuffers {
  /**
   * One for every socket at once: on Linux and macOS a read fills it only when the bytes are there, and nothing else is
   * read before they have been dealt with. Whoever wants to keep them copies them. An idle connection so needs no
   * memory of its own.
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
