/** What the start of a message reveals about it. */
export interface Frame {
  readonly type: string;
  /** The size of the whole message, header included. */
  readonly totalBytes: number;
  /** How many bytes after the header must have arrived before the message is returned. */
  readonly lookBytes: number;
}

/** How one kind of message begins. */
export interface Framing {
  readonly headerBytes: number;
  /** Reads the header of `headerBytes` at that place; for an invalid one it returns the reason as text. */
  readHeader(bytes: Buffer, at: number): Frame | { readonly complaint: string };
}

/** A message with its inspected part. */
export interface PgMessage {
  readonly type: string;
  /** Counts from 1 within the connection and direction, beginning when the toxic joined. */
  readonly number: number;
  readonly totalBytes: number;
  /** The bytes after the header, up to the length that the framing inspects. */
  readonly body: Buffer;
}

/** Bytes of a message, as they arrived. The first part contains at least the inspected bytes. */
export interface MessagePart {
  readonly message: PgMessage;
  readonly bytes: Buffer;
  readonly first: boolean;
  readonly last: boolean;
}

const NOTHING = Buffer.alloc(0);

/**
 * Splits a byte stream into messages as it arrives. It holds back at most a header and the bytes after it
 * that are inspected; all others are returned at once, as slices of the input.
 */
export class MessageReader {
  #framing: Framing;
  #chunk: Buffer = NOTHING;
  /** How much of the chunk has been returned. */
  #at = 0;
  /** Chunks that are still too short; they are joined once when enough has arrived. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #neededBytes = 0;
  #current: PgMessage | undefined;
  #leftBytes = 0;
  #count = 0;
  #complaint: string | undefined;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** Why the stream cannot be read any further; undefined while it can. */
  get complaint(): string | undefined {
    return this.#complaint;
  }

  /** Bytes that arrived and were not returned yet. */
  get heldBytes(): number {
    return this.#waitingBytes + this.#chunk.length - this.#at;
  }

  /** Whether a part of a message was returned and its rest has not arrived. */
  get isWithinMessage(): boolean {
    return this.#leftBytes > 0;
  }

  /** Reads what follows the current message with another framing. */
  use(framing: Framing): void {
    this.#framing = framing;
  }

  /** Adds a chunk. The caller must have read everything from `next` before. */
  feed(chunk: Buffer): void {
    if (this.#waitingBytes === 0) {
      this.#readFrom(chunk);
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes < this.#neededBytes) return;
    this.#readFrom(Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** The next part, or undefined when more bytes are needed or nothing can be read any more. */
  next(): MessagePart | undefined {
    const unreadBytes = this.#chunk.length - this.#at;
    if (unreadBytes === 0 || this.#complaint !== undefined) return undefined;
    if (this.#leftBytes > 0 && this.#current !== undefined) return this.#take(this.#current, false);
    const { headerBytes } = this.#framing;
    if (unreadBytes < headerBytes) return this.#await(headerBytes);
    const bodyAt = this.#at + headerBytes;
    const frame = this.#framing.readHeader(this.#chunk, this.#at);
    if ("complaint" in frame) {
      this.#complaint = frame.complaint;
      return undefined;
    }
    const { type, totalBytes } = frame;
    const lookBytes = Math.min(totalBytes - headerBytes, frame.lookBytes);
    if (unreadBytes < headerBytes + lookBytes) return this.#await(headerBytes + lookBytes);
    this.#count += 1;
    const body = lookBytes === 0 ? NOTHING : this.#chunk.subarray(bodyAt, bodyAt + lookBytes);
    this.#current = { type, number: this.#count, totalBytes, body };
    this.#leftBytes = totalBytes;
    return this.#take(this.#current, true);
  }

  /** Starts again, at the start of a message. The count continues. */
  restart(framing: Framing): void {
    this.#framing = framing;
    this.#current = undefined;
    this.#leftBytes = 0;
    this.#complaint = undefined;
  }

  /** Returns what arrived and was not returned yet. */
  takeRest(): Buffer {
    const rest = this.#waitingBytes > 0 ? Buffer.concat(this.#waiting) : this.#chunk.subarray(this.#at);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#readFrom(NOTHING);
    return rest;
  }

  /** Copies what it holds, whose memory was only lent. */
  keepOwnCopy(): void {
    if (this.#waitingBytes > 0) this.#waiting = [Buffer.concat(this.#waiting)];
  }

  #readFrom(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  #take(message: PgMessage, first: boolean): MessagePart {
    const end = Math.min(this.#at + this.#leftBytes, this.#chunk.length);
    const bytes = this.#chunk.subarray(this.#at, end);
    this.#leftBytes -= bytes.length;
    this.#at = end;
    // A processed chunk must not stay in memory until the next one comes.
    if (end === this.#chunk.length) this.#readFrom(NOTHING);
    return { message, bytes, first, last: this.#leftBytes === 0 };
  }

  #await(neededBytes: number): undefined {
    this.#neededBytes = neededBytes;
    this.#waiting = [this.#chunk.subarray(this.#at)];
    this.#waitingBytes = this.#chunk.length - this.#at;
    this.#readFrom(NOTHING);
    return undefined;
  }
}
