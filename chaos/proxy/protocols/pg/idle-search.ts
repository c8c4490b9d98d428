import { frontendFraming } from "./framing.ts";

/** The messages with which an idle client can begin. */
const BEGINNINGS = "QPBDECSHFX";
/** As a length, any four printable bytes exceed this, so text is not taken for a header. */
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

  /** Whether the server was seen to be idle. */
  get sawReady(): boolean {
    return this.#idle === "yes";
  }

  /** Whether the server has sent anything since the search began. */
  get hasSeenReplies(): boolean {
    return this.#tail !== "";
  }

  /** Starts again in the middle of the traffic. */
  restart(): void {
    this.#idle = "no";
    this.#tail = "";
  }

  /** Inspects what the server sent. */
  seeReplies(chunk: Buffer): void {
    const end = chunk.subarray(-READY_FOR_QUERY_BYTES).toString("latin1");
    this.#tail = (this.#tail + end).slice(-READY_FOR_QUERY_BYTES);
    this.#idle = READY_FOR_QUERY.has(this.#tail) ? "yes" : "no";
  }

  /** Whether this chunk of the client begins with a message while nothing else is in progress. */
  findsBeginning(chunk: Buffer): boolean {
    const found = this.#idle !== "no" && looksLikeRequests(chunk, this.#idle === "yes");
    // What passes unread will be answered: until then the connection is not idle.
    if (!found) this.#idle = "no";
    return found;
  }
}

/** Whether the chunk consists of TLS records, of which the last may be incomplete. */
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
