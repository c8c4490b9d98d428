import { isUtf8 } from "node:buffer";
import { OPCODE } from "./frame-header.ts";
import { type FramePart, FrameReader } from "./frame-reader.ts";
import { masked } from "./mask.ts";

/**
 * Longer frames are not accepted: toxics act on no message of that length, and waiting for its end takes
 * long.
 */
const MAX_PLAUSIBLE_PAYLOAD_BYTES = 1024 * 1024;

/** How many consecutive whole frames are proof when the last ends where a chunk does. */
const ALIGNED_PROOF_FRAMES = 4;

/** How many are proof wherever chunks end. */
const UNALIGNED_PROOF_FRAMES = 8;

/**
 * A frame of at least this length that ends where a chunk does is proof: its length takes 16 bits or more.
 */
const ALIGNED_PROOF_PAYLOAD_BYTES = 126;

/** A text of at least this length that ends where a chunk does and is valid UTF-8 is proof. */
const ALIGNED_PROOF_TEXT_BYTES = 8;

/** Messages begin at this offset of the chunk. */
export interface FoundFrames {
  readonly offset: number;
  readonly isMasked: boolean | undefined;
}

/**
 * Finds where messages begin in a connection whose earlier bytes it has not seen. It assumes that a chunk
 * begins with a message, as it does whenever the sender had paused, and reads on from there until that is
 * proved or refuted. Why this is safe: JSON and other ASCII text never looks like a frame that ends a message
 * (its first byte would be above 127), and in bytes as good as random each header in a row is about one
 * chance in 64, the length of the last coming out right where the chunk ends one in 128 or less, UTF-8 one in
 * two for each byte. What counts as proof has less than one chance in ten million. Until then all bytes pass.
 */
export class FrameSearch {
  #attempt: Attempt | undefined;

  /** Inspects the next chunk. Undefined: not found yet, and none of it may be changed. */
  look(chunk: Buffer): FoundFrames | undefined {
    const earlier = this.#attempt?.read(chunk) ?? "refuted";
    if (earlier !== "refuted") return earlier === "plausible" ? undefined : earlier;
    this.#attempt = new Attempt();
    const reading = this.#attempt.read(chunk);
    if (reading === "refuted") this.#attempt = undefined;
    return typeof reading === "object" ? reading : undefined;
  }
}

/** One assumption about where frames begin. */
class Attempt {
  readonly #reader = new FrameReader();
  #wholeFrames = 0;
  #hasProof = false;

  read(chunk: Buffer): FoundFrames | "plausible" | "refuted" {
    let boundary = this.#reader.isBetweenMessages ? 0 : undefined;
    let offset = -this.#reader.heldHeader.length;
    let isMessageOpen = this.#reader.isMessageOpen;
    const { parts, rest } = this.#reader.read(chunk);
    if (rest.kind !== "none") return "refuted";
    for (const part of parts) {
      const { frame } = part;
      if (!frame.isMinimal || frame.payloadBytes > MAX_PLAUSIBLE_PAYLOAD_BYTES) return "refuted";
      offset += part.bytes.length;
      if (!part.ends) continue;
      this.#wholeFrames += 1;
      this.#hasProof ||= isProof(part);
      if (frame.opcode < OPCODE.close) isMessageOpen = !frame.fin;
      if (!isMessageOpen) boundary ??= offset;
    }
    if (boundary === undefined || !this.#isProved()) return "plausible";
    return { offset: boundary, isMasked: this.#reader.isMasked };
  }

  #isProved(): boolean {
    if (this.#wholeFrames >= UNALIGNED_PROOF_FRAMES) return true;
    if (!this.#reader.isBetweenMessages) return false;
    return this.#hasProof || this.#wholeFrames >= ALIGNED_PROOF_FRAMES;
  }
}

/** Whether the frame that this part ends is proof by itself, if it ends where the chunk does. */
function isProof({ frame, bytes, begins }: FramePart): boolean {
  if (frame.payloadBytes >= ALIGNED_PROOF_PAYLOAD_BYTES) return true;
  const isPlainText = frame.opcode === OPCODE.text && frame.fin && !frame.rsv1;
  if (!isPlainText || !begins || frame.payloadBytes < ALIGNED_PROOF_TEXT_BYTES) return false;
  return isUtf8(masked(bytes.subarray(frame.headerBytes), frame.maskKey));
}
