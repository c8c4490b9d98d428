import { type FrameHeader, isControl, MAX_HEADER_BYTES, OPCODE, readFrameHeader } from "./frame-header.ts";

const NOTHING = Buffer.alloc(0);

/** Consecutive bytes of one frame, header included, as they arrived. A frame is one part or several. */
export interface FramePart {
  readonly frame: FrameHeader;
  readonly bytes: Buffer;
  /** Whether it is the frame's first part. */
  readonly begins: boolean;
  /** Whether it is the frame's last part. */
  readonly ends: boolean;
}

/** The content of a chunk. */
export interface FrameReading {
  readonly parts: readonly FramePart[];
  /**
   * The bytes that are not read as frames: `closed`, since they follow a close frame; `unreadable`, since
   * they do not begin a valid frame. The reader cannot be used afterwards.
   */
  readonly rest:
    | { readonly kind: "none" }
    | { readonly kind: "closed"; readonly bytes: Buffer }
    | { readonly kind: "unreadable"; readonly bytes: Buffer; readonly why: string };
}

interface OpenFrame {
  readonly header: FrameHeader;
  /** Header and payload. */
  readonly bytes: number;
  remainingBytes: number;
}

/**
 * Splits one direction into frames, chunk by chunk, starting at a first frame. It holds back at most the
 * beginning of a header; it returns all other bytes at once, as slices of the chunks.
 */
export class FrameReader {
  #frame: OpenFrame | undefined;
  #heldHeader: Buffer = NOTHING;
  #isMessageOpen = false;
  #isMasked: boolean | undefined;

  /** `isMasked`: whether frames of this direction are masked; undefined: determined by the first frame. */
  constructor(isMasked?: boolean) {
    this.#isMasked = isMasked;
  }

  /** Whether frames are masked, as those to a server must be; undefined before the first. */
  get isMasked(): boolean | undefined {
    return this.#isMasked;
  }

  /** The held beginning of a header whose rest has not arrived. */
  get heldHeader(): Buffer {
    return this.#heldHeader;
  }

  /** Whether a message has begun whose last fragment has not arrived. */
  get isMessageOpen(): boolean {
    return this.#isMessageOpen;
  }

  /** Whether everything received is complete messages. */
  get isBetweenMessages(): boolean {
    return this.#frame === undefined && this.#heldHeader.length === 0 && !this.#isMessageOpen;
  }

  /** Splits a chunk into parts of frames. */
  read(chunk: Buffer): FrameReading {
    const parts: FramePart[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      const held = this.#heldHeader;
      if (this.#frame === undefined) {
        const why = this.#beginFrame(chunk, offset);
        if (why !== undefined) {
          return { parts, rest: { kind: "unreadable", bytes: joined(held, chunk.subarray(offset)), why } };
        }
      }
      // An incomplete header: its bytes are held.
      if (this.#frame === undefined) break;
      if (held.length > 0) this.#addPart(parts, this.#frame, held);
      const part = this.#addPart(parts, this.#frame, chunk.subarray(offset));
      offset += part.bytes.length;
      if (part.ends && part.frame.opcode === OPCODE.close) {
        return { parts, rest: { kind: "closed", bytes: chunk.subarray(offset) } };
      }
    }
    return { parts, rest: { kind: "none" } };
  }

  /** Begins the frame whose complete header is at `offset`; returns why the header is invalid. */
  #beginFrame(chunk: Buffer, offset: number): string | undefined {
    const held = this.#heldHeader;
    const start =
      held.length === 0
        ? chunk.subarray(offset)
        : Buffer.concat([held, chunk.subarray(offset, offset + MAX_HEADER_BYTES - held.length)]);
    const reading = readFrameHeader(start);
    if (reading.kind === "incomplete") {
      this.#heldHeader = start;
      return undefined;
    }
    this.#heldHeader = NOTHING;
    if (reading.kind === "invalid") return reading.why;
    const { header } = reading;
    const bytes = header.headerBytes + header.payloadBytes;
    this.#frame = { header, bytes, remainingBytes: bytes };
    return this.#objectionTo(header);
  }

  /** Adds this buffer's bytes of the frame, up to its end. */
  #addPart(parts: FramePart[], frame: OpenFrame, from: Buffer): FramePart {
    const bytes = from.subarray(0, frame.remainingBytes);
    const begins = frame.remainingBytes === frame.bytes;
    frame.remainingBytes -= bytes.length;
    const ends = frame.remainingBytes === 0;
    if (ends) this.#frame = undefined;
    const part = { frame: frame.header, bytes, begins, ends };
    parts.push(part);
    return part;
  }

  /** Why the frame cannot come here, or undefined; records what it implies for later frames. */
  #objectionTo({ opcode, fin, maskKey }: FrameHeader): string | undefined {
    const isMasked = maskKey !== undefined;
    if (this.#isMasked !== undefined && this.#isMasked !== isMasked) {
      return isMasked ? "a frame is masked, but must not be" : "a frame is not masked, but must be";
    }
    if (!isControl(opcode)) {
      if (this.#isMessageOpen !== (opcode === OPCODE.continuation)) {
        return this.#isMessageOpen
          ? "a message begins within another"
          : "a continuation frame without a message";
      }
      this.#isMessageOpen = !fin;
    }
    this.#isMasked = isMasked;
    return undefined;
  }
}

function joined(held: Buffer, rest: Buffer): Buffer {
  return held.length === 0 ? rest : Buffer.concat([held, rest]);
}
