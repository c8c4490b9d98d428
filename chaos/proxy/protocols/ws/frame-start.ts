import { type FoundFrames, FrameSearch } from "./frame-search.ts";
import { beginsHandshake, HandshakeReader, looksLikeTls } from "./handshake.ts";

/** After this many bytes without a message boundary, the connection is assumed to be another protocol. */
const SEARCH_LIMIT_BYTES = 16 * 1024 * 1024;

/** The conclusion after a chunk. */
export type StartReading =
  /** Not known yet; the bytes pass. */
  | { readonly kind: "searching" }
  | ({ readonly kind: "found" } & FoundFrames)
  /** Plain HTTP so far; it may become a WebSocket later. */
  | { readonly kind: "plain"; readonly why: string }
  /** The connection is not a WebSocket, or cannot be parsed. */
  | { readonly kind: "none"; readonly why: string };

/** Finds where the frames of one direction begin: after the handshake, or between two messages. */
export class FrameStart {
  readonly #search: FrameSearch | undefined;
  #handshake: HandshakeReader | undefined;
  #searchedBytes = 0;
  /** Whether plain HTTP requests were answered; a WebSocket request may still follow. */
  #isPlain = false;

  /** `midway`: bytes have already passed, and usually the handshake was among them. */
  constructor(joined: "from-start" | "midway") {
    if (joined === "midway") this.#search = new FrameSearch();
    else this.#handshake = new HandshakeReader();
  }

  /** Inspects the next chunk; must not be called again after the start was found or ruled out. */
  look(chunk: Buffer): StartReading {
    if (looksLikeTls(chunk)) return none("the connection is encrypted (TLS)");
    const mayBegin = this.#search !== undefined || this.#isPlain;
    if (mayBegin && this.#handshake === undefined && beginsHandshake(chunk)) {
      // It joined between the request and the response, or the connection served plain requests before.
      this.#handshake = new HandshakeReader();
    }
    if (this.#handshake !== undefined) return this.#readHandshake(this.#handshake, chunk);
    if (this.#isPlain) return { kind: "searching" };
    const found = this.#search?.look(chunk);
    if (found !== undefined) return { kind: "found", ...found };
    this.#searchedBytes += chunk.length;
    if (this.#searchedBytes < SEARCH_LIMIT_BYTES) return { kind: "searching" };
    return none(`no message boundary was found in ${SEARCH_LIMIT_BYTES} bytes`);
  }

  #readHandshake(handshake: HandshakeReader, chunk: Buffer): StartReading {
    const reading = handshake.read(chunk);
    if (reading.kind === "incomplete") return { kind: "searching" };
    if (reading.kind === "refused") return none(reading.why);
    if (reading.kind === "upgraded") {
      return { kind: "found", offset: reading.offset, isMasked: reading.isMasked };
    }
    const isNews = !this.#isPlain;
    this.#isPlain = true;
    this.#handshake = undefined;
    return isNews ? { kind: "plain", why: reading.why } : { kind: "searching" };
  }
}

function none(why: string): StartReading {
  return { kind: "none", why };
}
