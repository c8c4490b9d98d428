/**
 * Passes on bytes, and joins slices that are adjacent in memory: a read that was split for parsing leaves in
 * one write, without being copied.
 */
export class SliceRun {
  readonly #emit: (bytes: Buffer) => void;
  /** The first slice that waits, and the total number of waiting bytes from its start. */
  #first: Buffer | undefined;
  #bytes = 0;

  constructor(emit: (bytes: Buffer) => void) {
    this.#emit = emit;
  }

  /** Adds bytes, which are sent at the latest with the next `flush`. */
  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const first = this.#first;
    if (first?.buffer === bytes.buffer && first.byteOffset + this.#bytes === bytes.byteOffset) {
      this.#bytes += bytes.length;
      return;
    }
    this.flush();
    this.#first = bytes;
    this.#bytes = bytes.length;
  }

  /** Sends everything that waits. */
  flush(): void {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) return;
    const isOne = first.length === this.#bytes;
    this.#emit(isOne ? first : Buffer.from(first.buffer, first.byteOffset, this.#bytes));
  }
}
