import type { BodyFraming } from "./body-framing.ts";
import { ChunkedScanner } from "./chunked-scanner.ts";
import type { HeadSyntax } from "./head.ts";
import { HeadCollector } from "./head-collector.ts";
import { beginsTls, Unreadable } from "./unreadable.ts";

/** Told what a reader finds, in order. All bytes that go in are told once, as slices of what came. */
export interface MessageVisitor<Head> {
  /** A message begins; gives how its body is framed. When that is unreadable, the head is told as such again. */
  onHead(head: Head, bytes: Buffer): BodyFraming | Unreadable;
  /** Bytes of a body: its payload, or what frames that (chunk sizes, trailers). */
  onBody(bytes: Buffer, isPayload: boolean): void;
  /** The message is complete. */
  onEnd(): void;
  /** An empty line between messages, which some clients send after a body (RFC 9112, 2.2). */
  onBlank(bytes: Buffer): void;
  /** This is no HTTP: the bytes from where it began to be none. The reader must not be used any more. */
  onUnreadable(why: string, bytes: readonly Buffer[]): void;
}

type Body =
  | { readonly kind: "counted"; leftBytes: number }
  | { readonly kind: "chunked"; readonly scanner: ChunkedScanner }
  | { readonly kind: "endless" };

const CR = 0x0d;
const LF = 0x0a;

/** Reads the messages of one direction of a connection (RFC 9112), however they are cut. Holds no more than a head. */
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

  /** Gives up the part of a head that is held. */
  takeHeld(): readonly Buffer[] {
    return this.#heads.takeHeld();
  }

  read(bytes: Buffer): void {
    let at: number | undefined = 0;
    while (at !== undefined && at < bytes.length) {
      at = this.#body === undefined ? this.#readHead(bytes, at) : this.#readBody(bytes, at, this.#body);
    }
  }

  /** Takes all that follows for the body of a message without end, from within what the visitor is being told too. */
  becomePipe(): void {
    this.#body = ENDLESS;
  }

  /** The sender has ended its direction: by that ends a body whose framing is `until-close`. */
  end(): void {
    if (this.#body?.kind === "endless") this.#endMessage(this.#body);
  }

  /** Returns where to go on; undefined when the bytes are used up or unreadable. */
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
    if (this.#body !== body) return; // It has become a pipe meanwhile.
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

/** Where the empty lines end that begin at `start`. A lone CR at the end may be the first half of one. */
function endOfBlanks(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && (bytes[end] === CR || bytes[end] === LF)) end += 1;
  return end;
}
