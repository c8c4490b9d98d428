import type { BodyFraming } from "./body-framing.ts";
import { ChunkedScanner } from "./chunked-scanner.ts";
import type { HeadSyntax } from "./head.ts";
import { HeadCollector } from "./head-collector.ts";
import { beginsTls, Unreadable } from "./unreadable.ts";

/**
 * Receives what a reader finds, in order. All input bytes are passed exactly once, as slices of the input.
 */
export interface MessageVisitor<Head> {
  /**
   * A message begins; returns the framing of its body. When the framing is unreadable, the head is
   * passed again to `unreadable`.
   */
  onHead(head: Head, bytes: Buffer): BodyFraming | Unreadable;
  /** Bytes of a body: payload, or its framing (chunk sizes, trailers). */
  onBody(bytes: Buffer, isPayload: boolean): void;
  /** The message is complete. */
  onEnd(): void;
  /** An empty line between messages, which some clients send after a body (RFC 9112, 2.2). */
  onBlank(bytes: Buffer): void;
  /** This is not HTTP: the bytes from the first that is not. The reader must not be used any more. */
  onUnreadable(why: string, bytes: readonly Buffer[]): void;
}

type Body =
  | { readonly kind: "counted"; leftBytes: number }
  | { readonly kind: "chunked"; readonly scanner: ChunkedScanner }
  | { readonly kind: "endless" };

const CR = 0x0d;
const LF = 0x0a;

/**
 * Reads the messages of one direction of a connection (RFC 9112), split at any place. Holds at most a head.
 */
export class MessageReader<Head> {
  readonly #visitor: MessageVisitor<Head>;
  readonly #heads: HeadCollector<Head>;
  /** Undefined between messages and within a head. */
  #body: Body | undefined;

  constructor(syntax: HeadSyntax<Head>, visitor: MessageVisitor<Head>) {
    this.#visitor = visitor;
    this.#heads = new HeadCollector(syntax);
  }

  get heldBytes(): number {
    return this.#heads.heldBytes;
  }

  /** Whether a message has begun and not ended. */
  get isWithinMessage(): boolean {
    return this.#body !== undefined || this.heldBytes > 0;
  }

  /** Returns the held part of a head. */
  takeHeld(): readonly Buffer[] {
    return this.#heads.takeHeld();
  }

  read(bytes: Buffer): void {
    let at: number | undefined = 0;
    while (at !== undefined && at < bytes.length) {
      at = this.#body === undefined ? this.#readHead(bytes, at) : this.#readBody(bytes, at, this.#body);
    }
  }

  /**
   * Treats everything that follows as the body of an endless message; may be called from within the visitor.
   */
  becomePipe(): void {
    this.#body = ENDLESS;
  }

  /** The sender has ended its direction, which ends a body with the framing `until-close`. */
  end(): void {
    if (this.#body?.kind === "endless") this.#endMessage(this.#body);
  }

  /** Returns where to continue; undefined when the bytes are used up or unreadable. */
  #readHead(bytes: Buffer, start: number): number | undefined {
    const isAtStart = this.heldBytes === 0;
    const blankEnd = isAtStart ? endOfBlanks(bytes, start) : start;
    if (blankEnd > start) {
      this.#visitor.onBlank(bytes.subarray(start, blankEnd));
      return blankEnd;
    }
    if (isAtStart && beginsTls(bytes.subarray(start))) return this.#fail("TLS", [bytes.subarray(start)]);
    const found = this.#heads.next(bytes, start);
    if (found === undefined) return undefined;
    if (found instanceof Unreadable) {
      const held = this.#heads.takeHeld();
      const heldOfThese = held.at(-1)?.length ?? 0;
      return this.#fail(found.why, [...held, bytes.subarray(start + heldOfThese)]);
    }
    const framing = this.#visitor.onHead(found.head, found.bytes);
    if (framing instanceof Unreadable) {
      return this.#fail(framing.why, [found.bytes, bytes.subarray(found.end)]);
    }
    const body = bodyOf(framing);
    this.#body ??= body;
    if (this.#body === undefined) this.#visitor.onEnd();
    return found.end;
  }

  #readBody(bytes: Buffer, start: number, body: Body): number | undefined {
    if (body.kind === "endless") {
      this.#visitor.onBody(bytes.subarray(start), true);
      return undefined;
    }
    if (body.kind === "counted") {
      const end = Math.min(bytes.length, start + body.leftBytes);
      body.leftBytes -= end - start;
      this.#visitor.onBody(bytes.subarray(start, end), true);
      if (body.leftBytes === 0) this.#endMessage(body);
      return end;
    }
    const stretch = body.scanner.next(bytes, start);
    if (stretch instanceof Unreadable) return this.#fail(stretch.why, [bytes.subarray(start)]);
    this.#visitor.onBody(bytes.subarray(start, stretch.end), stretch.isPayload);
    if (stretch.isLast) this.#endMessage(body);
    return stretch.end;
  }

  #endMessage(body: Body): void {
    if (this.#body !== body) return; // The visitor has turned the connection into a pipe meanwhile.
    this.#body = undefined;
    this.#visitor.onEnd();
  }

  #fail(why: string, bytes: readonly Buffer[]): undefined {
    this.#visitor.onUnreadable(
      why,
      bytes.filter((part) => part.length > 0),
    );
  }
}

const ENDLESS: Body = { kind: "endless" };

function bodyOf(framing: BodyFraming): Body | undefined {
  if (framing.kind === "chunked") return { kind: "chunked", scanner: new ChunkedScanner() };
  if (framing.kind !== "length") return ENDLESS;
  return framing.bytes === 0 ? undefined : { kind: "counted", leftBytes: framing.bytes };
}

/** The end of the empty lines that begin at `start`. A lone CR at the end may be the first half of one. */
function endOfBlanks(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && (bytes[end] === CR || bytes[end] === LF)) end += 1;
  return end;
}
