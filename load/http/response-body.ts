import { MAX_PAGE_BYTES } from "../../network/index.ts";
import { ResponseSyntaxError } from "./response-syntax-error.ts";

/** How a response defines the end of its body. */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

/** A complete body. */
export interface CompleteBody {
  readonly bytes: Buffer;
  /** Whether nothing came after it. */
  readonly endsExactly: boolean;
}

const MAX_SIZE_LINE_BYTES = 1_024;
const LINE_END = "\r\n";
const TRAILER_END = "\r\n\r\n";
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * The body of one response, from any number of pieces, in linear time. Bytes that are still needed are copied, so that
 * the pieces may be overwritten.
 */
export class ResponseBody {
  readonly #framing: BodyFraming;
  /** The received bytes; only the first `#length` are used. */
  #room: Buffer = NOTHING;
  #length = 0;
  /** The position of the next chunk's size, or where the search for the trailer's end continues. */
  #at = 0;
  #inTrailer = false;
  readonly #parts: (readonly [from: number, to: number])[] = [];

  /** @throws ResponseSyntaxError `body-too-large` */
  constructor(framing: BodyFraming) {
    this.#framing = framing;
    if (framing.kind === "length") requireRoom(framing.bytes);
  }

  /**
   * Takes the next bytes; returns the body when they complete it.
   *
   * @throws ResponseSyntaxError
   */
  push(bytes: Buffer): CompleteBody | undefined {
    const isFirst = this.#length === 0;
    const received = isFirst ? bytes : this.#append(bytes);
    if (this.#framing.kind !== "none") requireRoom(received.length);
    const complete = this.#complete(received);
    if (complete === undefined && isFirst) this.#append(bytes);
    return complete;
  }

  /** The connection's end: completes a body that it frames. Anything else is cut short, and returns undefined. */
  end(): CompleteBody | undefined {
    if (this.#framing.kind !== "until-close") return undefined;
    return { bytes: this.#room.subarray(0, this.#length), endsExactly: false };
  }

  #append(bytes: Buffer): Buffer {
    const length = this.#length + bytes.length;
    if (length > this.#room.length) {
      const room = Buffer.allocUnsafe(2 * length);
      this.#room.copy(room, 0, 0, this.#length);
      this.#room = room;
    }
    bytes.copy(this.#room, this.#length);
    this.#length = length;
    return this.#room.subarray(0, length);
  }

  #complete(received: Buffer): CompleteBody | undefined {
    switch (this.#framing.kind) {
      case "none":
        return { bytes: NOTHING, endsExactly: received.length === 0 };
      case "length": {
        const { bytes } = this.#framing;
        if (received.length < bytes) return undefined;
        return { bytes: received.subarray(0, bytes), endsExactly: received.length === bytes };
      }
      case "chunked":
        return this.#completeChunks(received);
      case "until-close":
        return undefined;
    }
  }

  /** The body within the chunks, once the last one and its trailer are there. */
  #completeChunks(received: Buffer): CompleteBody | undefined {
    while (!this.#inTrailer) {
      const lineEnd = received.indexOf(LINE_END, this.#at);
      const lineBytes = (lineEnd === -1 ? received.length : lineEnd) - this.#at;
      if (lineBytes > MAX_SIZE_LINE_BYTES) throw badSize(`${lineBytes} bytes without a line break`);
      if (lineEnd === -1) return undefined;
      const size = readSize(received.toString("latin1", this.#at, lineEnd));
      const from = lineEnd + LINE_END.length;
      const to = from + size;
      if (size === 0) {
        // Without trailer fields the empty line follows at once.
        this.#inTrailer = true;
        this.#at = lineEnd;
        break;
      }
      if (received.length < to + LINE_END.length) return undefined;
      if (received.toString("latin1", to, to + LINE_END.length) !== LINE_END) {
        throw new ResponseSyntaxError(
          "bad-response",
          `Expected a chunk of ${size} bytes to end with a line break, but it does not.`,
        );
      }
      this.#parts.push([from, to]);
      this.#at = to + LINE_END.length;
    }
    const trailerEnd = received.indexOf(TRAILER_END, this.#at);
    if (trailerEnd === -1) {
      this.#at = Math.max(this.#at, received.length - TRAILER_END.length);
      return undefined;
    }
    const bytes = Buffer.concat(this.#parts.map(([from, to]) => received.subarray(from, to)));
    return { bytes, endsExactly: received.length === trailerEnd + TRAILER_END.length };
  }
}

function readSize(text: string): number {
  const [, hex] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(text) ?? [];
  if (hex === undefined) throw badSize(JSON.stringify(text.slice(0, 100)));
  const size = Number.parseInt(hex, 16);
  requireRoom(size);
  return size;
}

function badSize(got: string): ResponseSyntaxError {
  return new ResponseSyntaxError("bad-response", `Expected a chunk's size, got ${got}.`);
}

function requireRoom(bytes: number): void {
  if (bytes <= MAX_PAGE_BYTES) return;
  throw new ResponseSyntaxError(
    "body-too-large",
    `Expected a body of at most ${MAX_PAGE_BYTES} bytes, got a longer one.`,
  );
}
