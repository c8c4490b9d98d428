/**
 * Smaller slices are copied together, so that a message that arrives byte by byte does not need
 * one slice for each byte.
 */
const SMALL_BYTES = 1_024;

type Content = "data" | "control";

/** The held frames of one message, in order, and the control frames between its fragments. */
export class HeldSlices {
  readonly #slices: { bytes: Buffer; readonly content: Content }[] = [];
  #bytes = 0;

  /** The number of held bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: Buffer, content: Content): void {
    this.#bytes += bytes.length;
    const last = this.#slices.at(-1);
    const isSmall = last !== undefined && last.bytes.length < SMALL_BYTES && bytes.length < SMALL_BYTES;
    if (isSmall && last.content === content) last.bytes = Buffer.concat([last.bytes, bytes]);
    else this.#slices.push({ bytes, content });
  }

  all(): readonly Buffer[] {
    return this.#slices.map(({ bytes }) => bytes);
  }

  only(content: Content): readonly Buffer[] {
    return this.#slices.filter((slice) => slice.content === content).map(({ bytes }) => bytes);
  }
}
