/** Gives bytes on, those that lay together in one piece, however many messages and chunks they were read as. */
export class PassRun {
  readonly #emit: (bytes: Buffer) => void;
  #pending: Buffer | undefined;

  constructor(emit: (bytes: Buffer) => void) {
    this.#emit = emit;
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const joined = this.#pending === undefined ? undefined : join(this.#pending, bytes);
    if (joined === undefined) this.flush();
    this.#pending = joined ?? bytes;
  }

  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending !== undefined) this.#emit(pending);
  }
}

/** Both as one slice of the memory that they share, if they lie side by side in it. */
function join(first: Buffer, second: Buffer): Buffer | undefined {
  const isNext = first.buffer === second.buffer && first.byteOffset + first.byteLength === second.byteOffset;
  if (!isNext) return undefined;
  return Buffer.from(first.buffer, first.byteOffset, first.byteLength + second.byteLength);
}
