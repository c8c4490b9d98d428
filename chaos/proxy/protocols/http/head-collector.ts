import type { HeadSyntax } from "./head.ts";
import { Unreadable } from "./unreadable.ts";

/** More than any server accepts: Node's limit is 16 KiB, nginx's 32 KiB. */
export const MAX_HEAD_BYTES = 64 * 1024;

/** Enough bytes to detect that this is not a head, before its first line is complete. */
const START_BYTES = 40;
const CR = 0x0d;
const LF = 0x0a;

/** A parsed head: its bytes end at `end` of the buffer in which they were completed. */
export interface CollectedHead<Head> {
  readonly head: Head;
  /** The head's bytes: a slice of the buffer, unless it came in several. */
  readonly bytes: Buffer;
  readonly end: number;
}

/** Collects the bytes of one head until its empty line. Lines may end in a bare LF (RFC 9112, 2.2). */
export class HeadCollector<Head> {
  readonly #syntax: HeadSyntax<Head>;
  #parts: Buffer[] = [];
  #heldBytes = 0;
  /** The length of the current line, and whether it is a lone CR so far. */
  #lineBytes = 0;
  #lineIsCr = false;

  constructor(syntax: HeadSyntax<Head>) {
    this.#syntax = syntax;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Returns what is held, in order. */
  takeHeld(): readonly Buffer[] {
    const parts = this.#parts;
    this.#parts = [];
    this.#heldBytes = 0;
    this.#lineBytes = 0;
    this.#lineIsCr = false;
    return parts;
  }

  /** Continues from `start`. Undefined: everything is held, and the head continues in the next buffer. */
  next(bytes: Buffer, start: number): CollectedHead<Head> | Unreadable | undefined {
    const end = this.#findEnd(bytes, start);
    this.#hold(bytes.subarray(start, end ?? bytes.length));
    if (this.#heldBytes > MAX_HEAD_BYTES) return new Unreadable("a head of more than 64 KiB");
    if (end === undefined) return this.#begins() ? undefined : new Unreadable("does not begin with HTTP/1");
    const [only = Buffer.alloc(0), ...more] = this.#parts;
    const whole = more.length === 0 ? only : Buffer.concat(this.#parts);
    const lines = whole.toString("latin1").split(/\r?\n/);
    const head = this.#syntax.read(lines.slice(0, -2));
    if (head instanceof Unreadable) return head;
    this.takeHeld();
    return { head, bytes: whole, end };
  }

  #hold(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #begins(): boolean {
    const start = Buffer.concat(this.#parts.slice(0, START_BYTES)).subarray(0, START_BYTES);
    return this.#syntax.mayBegin(start.toString("latin1").replace(/[\r\n].*$/s, ""));
  }

  /** The end of the empty line that ends the head. */
  #findEnd(bytes: Buffer, start: number): number | undefined {
    for (let from = start; from < bytes.length; ) {
      const lf = bytes.indexOf(LF, from);
      const lineEnd = lf === -1 ? bytes.length : lf;
      if (lineEnd > from) {
        this.#lineIsCr = this.#lineBytes === 0 && lineEnd - from === 1 && bytes[from] === CR;
        this.#lineBytes += lineEnd - from;
      }
      if (lf === -1) return undefined;
      if (this.#lineBytes === 0 || this.#lineIsCr) return lf + 1;
      this.#lineBytes = 0;
      this.#lineIsCr = false;
      from = lf + 1;
    }
    return undefined;
  }
}
