import { type FoundFrames, FrameSearch } from "./frame-search.ts";
import { beginsHandshake, HandshakeReader, looksLikeTls } from "./handshake.ts";

/** After so many bytes without a message boundary the connection is taken for something else. */
const SEARCH_LIMIT_BYTES = 16 * 1024 * 1024;

/** Where a chunk leads to. */
export type StartReading =
  /** Not known yet; the bytes pass. */
  | { readonly kind: "searching" }
  | ({ readonly kind: "found" } & FoundFrames)
  /** Plain HTTP so far; it may become a WebSocket later. */
  | { readonly kind: "plain"; readonly why: string }
  /** The connection is no WebSocket, or one that cannot be read. */
  | { readonly kind: "none"; readonly why: string };

/** Finds where the frames of one direction begin: behind the handshake, or between two messages. */
export class FrameStart {
  readonly #search: FrameSearch | undefined;
  #handshake: HandshakeReader | undefined;
  #searchedBytes = 0;
  /** Whether requests were answered that asked for no WebSocket: another one may. */
  #isPlain = false;

  /** `midway`: bytes have gone by, and with them most often the handshake. */
  constructor(joined: "from-start" | "midway") {
    if (joined === "midway") this.#search = new FrameSearch();
    else this.#handshake = new HandshakeReader();
  }

  /** Looks at the next chunk; not to be asked again after it was found, or that there is none. */
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
