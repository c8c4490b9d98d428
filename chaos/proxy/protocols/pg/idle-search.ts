import { frontendFraming } from "./framing.ts";

/** What a client can begin with when nothing is under way. */
const BEGINNINGS = "QPBDECSHFX";
/** Read as a length, any four printable bytes are more: text is not taken for a header. */
const PLAUSIBLE_LENGTH = 0x1fff_ffff;
/** `Z`, its length, and the state of the transaction. */
const READY_FOR_QUERY: ReadonlySet<string> = new Set(["I", "T", "E"].map((state) => `Z\0\0\0\u0005${state}`));
const READY_FOR_QUERY_BYTES = 6;
const TLS_RECORD_HEADER_BYTES = 5;

/**
 * Finds a moment at which both directions of an open connection are between two messages, without knowing the
 * earlier traffic. A client that does not pipeline sends only when the server has finished. So its next bytes
 * begin a message when the server's last message was ReadyForQuery, or when nothing was sent since the toxic
 * was added and these bytes are complete requests. A client that pipelines can mislead this once: then a
 * reply matches no request, and the search starts again.
 */
export class IdleSearch {
  #idle: "unknown" | "yes" | "no" = "unknown";
  #tail = "";

  /** Whether it was seen that the server was done. */
  get sawReady(): boolean {
    return this.#idle === "yes";
  }

  /** Whether the server has sent anything since the search began. */
  get hasSeenReplies(): boolean {
    return this.#tail !== "";
  }

  /** Begins again in the midst of something. */
  restart(): void {
    this.#idle = "no";
    this.#tail = "";
  }

  /** Looks at what the server sent. */
  seeReplies(chunk: Buffer): void {
    const end = chunk.subarray(-READY_FOR_QUERY_BYTES).toString("latin1");
    this.#tail = (this.#tail + end).slice(-READY_FOR_QUERY_BYTES);
    this.#idle = READY_FOR_QUERY.has(this.#tail) ? "yes" : "no";
  }

  /** Whether this, which the client sent, begins at a message while nothing else is under way. */
  findsBeginning(chunk: Buffer): boolean {
    const found = this.#idle !== "no" && looksLikeRequests(chunk, this.#idle === "yes");
    // What is let pass unread will be answered: until then the connection is not idle.
    if (!found) this.#idle = "no";
    return found;
  }
}

/** Whether the chunk is TLS records from its first byte to its last, or to within the last. */
export function looksLikeTls(chunk: Buffer): boolean {
  let at = 0;
  while (at + TLS_RECORD_HEADER_BYTES <= chunk.length) {
    const type = chunk.readUInt8(at);
    if (type < 20 || type > 23 || chunk[at + 1] !== 3) return false;
    at += TLS_RECORD_HEADER_BYTES + chunk.readUInt16BE(at + 3);
  }
  return at > 0;
}

function looksLikeRequests(chunk: Buffer, mayGoOn: boolean): boolean {
  if (!BEGINNINGS.includes(chunk.toString("latin1", 0, 1))) return false;
  const { headerBytes } = frontendFraming;
  let at = 0;
  while (at + headerBytes <= chunk.length) {
    const frame = frontendFraming.readHeader(chunk, at);
    if ("complaint" in frame || frame.totalBytes > PLAUSIBLE_LENGTH) return false;
    at += frame.totalBytes;
  }
  return at === chunk.length || mayGoOn;
}
