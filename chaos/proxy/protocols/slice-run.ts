/**
 * Passes on bytes, and joins slices that are adjacent in memory: a read that was split for parsing leaves in
 * one write, without being copied.
 */
export class SliceRun {
  readonly #emit: (bytes: Buffer) => void;
  /** The first slice that waits, and how many bytes wait from its start on. */
  #first: Buffer | undefined;
  #bytes = 0;

  constructor(emit: (bytes: Buffer) => void) {
    this.#emit = emit;
  }

  /** Takes bytes, which leave at the latest with the next `flush`. */
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

  /** Passes on at once what waits. */
  flush(): void {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) return;
    const isOne = first.length === this.#bytes;
    this.#emit(isOne ? first : Buffer.from(first.buffer, first.byteOffset, this.#bytes));
  }
}
