import { Unreadable } from "./unreadable.ts";

/** A part of a chunked body within one buffer: up to `end`, and whether it is payload or framing. */
export interface Stretch {
  readonly end: number;
  readonly isPayload: boolean;
  /** Whether the body ends here. */
  readonly isLast: boolean;
}

const CR = 0x0d;
const LF = 0x0a;
/**
 * The limit of a chunk's size line with its extensions, or of one trailer: as much as
 * servers accept for a header.
 */
const MAX_LINE_BYTES = 16 * 1024;

type State = "size" | "payload" | "after-payload" | "trailer";

/**
 * Finds the payload and the end of a chunked body (RFC 9112, 7.1), split at any place,
 * without keeping any bytes.
 */
export class ChunkedScanner {
  #state: State = "size";
  #sizeBytes = 0;
  #sizeDigits = 0;
  #sizeEnded = false;
  #payloadLeftBytes = 0;
  #lineBytes = 0;
  #afterCr = false;
  #ended = false;

  /** The next part from `start`, which is within the buffer. */
  next(bytes: Buffer, start: number): Stretch | Unreadable {
    if (this.#isInPayload()) return this.#payload(bytes, start);
    for (let at = start; at < bytes.length; at++) {
      const complaint = this.#framing(bytes[at] ?? 0);
      if (complaint !== undefined) return new Unreadable(complaint);
      if (this.#lineBytes > 0) continue; // Within a line.
      if (this.#isInPayload()) return { end: at + 1, isPayload: false, isLast: false };
      if (this.#ended) return { end: at + 1, isPayload: false, isLast: true };
    }
    return { end: bytes.length, isPayload: false, isLast: false };
  }

  #isInPayload(): boolean {
    return this.#state === "payload";
  }

  #payload(bytes: Buffer, start: number): Stretch {
    const length = Math.min(this.#payloadLeftBytes, bytes.length - start);
    this.#payloadLeftBytes -= length;
    if (this.#payloadLeftBytes === 0) this.#state = "after-payload";
    return { end: start + length, isPayload: true, isLast: false };
  }

  /** Reads one byte of the framing; returns what is wrong with it. */
  #framing(byte: number): string | undefined {
    if (byte === LF) return this.#endLine();
    if (this.#afterCr) return "a line break was expected within a chunked body";
    this.#lineBytes += 1;
    if (this.#lineBytes > MAX_LINE_BYTES) return "a line of more than 16 KiB within a chunked body";
    if (byte === CR) {
      this.#afterCr = true;
      return undefined;
    }
    if (this.#state === "after-payload") return "a chunk longer than its size";
    if (this.#state === "size" && !this.#sizeEnded) return this.#sizeByte(byte);
    return undefined;
  }

  #sizeByte(byte: number): string | undefined {
    const digit = hexValue(byte);
    if (digit === undefined) {
      this.#sizeEnded = true;
      const separates = byte === 0x3b || byte === 0x20 || byte === 0x09; // `;`, or whitespace before it.
      return separates && this.#sizeDigits > 0 ? undefined : "a chunk size was expected";
    }
    this.#sizeDigits += 1;
    this.#sizeBytes = this.#sizeBytes * 16 + digit;
    return Number.isSafeInteger(this.#sizeBytes) ? undefined : "a chunk of more than 2^53 bytes";
  }

  #endLine(): string | undefined {
    const isEmpty = this.#lineBytes - (this.#afterCr ? 1 : 0) === 0;
    this.#lineBytes = 0;
    this.#afterCr = false;
    if (this.#state === "after-payload") {
      this.#state = "size";
    } else if (this.#state === "trailer") {
      this.#ended = isEmpty;
    } else {
      if (this.#sizeDigits === 0) return "a chunk size was expected";
      this.#payloadLeftBytes = this.#sizeBytes;
      this.#state = this.#sizeBytes === 0 ? "trailer" : "payload";
      this.#sizeBytes = 0;
      this.#sizeDigits = 0;
      this.#sizeEnded = false;
    }
    return undefined;
  }
}

function hexValue(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}
