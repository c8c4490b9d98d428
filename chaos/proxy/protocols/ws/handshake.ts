/** The longest head that is accepted as a handshake. */
const MAX_HEAD_BYTES = 64 * 1024;

/** How many bytes of a possible request line are inspected. */
const MAX_START_LINE_BYTES = 8 * 1024;

const HEAD_END = "\r\n\r\n";
const NO_HTTP = "the connection does not begin with HTTP/1";
const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.[01]$/;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})\b/;

/** What the bytes so far reveal about the handshake, in either direction (RFC 6455, 4). */
export type HandshakeReading =
  /** The head is incomplete; the bytes may pass. */
  | { readonly kind: "incomplete" }
  /** Frames begin at this offset of the chunk; after a request they are masked. */
  | { readonly kind: "upgraded"; readonly offset: number; readonly isMasked: boolean }
  /** An HTTP message that is not a handshake; the next one may be. */
  | { readonly kind: "plain"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

/** Whether bytes begin like the head of a handshake, as no frame does. */
export function beginsHandshake(chunk: Buffer): boolean {
  const start = chunk.toString("latin1", 0, MAX_START_LINE_BYTES);
  return STATUS_LINE.test(start) || /^GET \S+ HTTP\/1\.[01]\r\n/.test(start);
}

/** Whether bytes begin like a TLS record: encrypted data cannot be read. */
export function looksLikeTls(chunk: Buffer): boolean {
  const [type = 0, major, minor = 0xff] = chunk;
  return type >= 0x14 && type <= 0x17 && major === 3 && minor <= 4;
}

/** Reads the head of the handshake in one direction from a copy, while its bytes pass. */
export class HandshakeReader {
  #head = "";

  /** Reads the next chunk. Interim responses (1xx) are skipped. */
  read(chunk: Buffer): HandshakeReading {
    const before = this.#head.length;
    this.#head += chunk.toString("latin1");
    let start = 0;
    // The end of the head may have begun in the chunk before.
    const from = Math.max(0, before - HEAD_END.length + 1);
    for (let end = this.#head.indexOf(HEAD_END, from); end >= 0; end = this.#head.indexOf(HEAD_END, start)) {
      const outcome = judge(this.#head.slice(start, end));
      start = end + HEAD_END.length;
      if (outcome.kind === "upgraded") return { ...outcome, offset: start - before };
      if (outcome.kind === "refused" || outcome.kind === "plain") return outcome;
    }
    this.#head = this.#head.slice(start);
    if (!mayBecomeHead(this.#head)) return refused(NO_HTTP);
    if (this.#head.length > MAX_HEAD_BYTES) return refused("the head of the handshake is too long");
    return { kind: "incomplete" };
  }
}

function judge(
  head: string,
):
  | { readonly kind: "upgraded"; readonly isMasked: boolean }
  | { readonly kind: "interim" }
  | { readonly kind: "plain"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string } {
  const [start = "", ...lines] = head.split("\r\n");
  const upgrades = lines.some((line) => /^upgrade:.*\bwebsocket\b/i.test(line));
  const status = STATUS_LINE.exec(start)?.[1];
  if (status === undefined) {
    if (!REQUEST_LINE.test(start)) return refused(NO_HTTP);
    return upgrades ? { kind: "upgraded", isMasked: true } : plain("the request is not a WebSocket upgrade");
  }
  if (status === "101") {
    return upgrades
      ? { kind: "upgraded", isMasked: false }
      : refused("the response is not a WebSocket upgrade");
  }
  if (status.startsWith("1")) return { kind: "interim" };
  return plain(`the server answered with ${status} and did not upgrade to WebSocket`);
}

function mayBecomeHead(head: string): boolean {
  const [start = "", ...others] = head.split("\r\n", 2);
  if (others.length > 0) return REQUEST_LINE.test(start) || STATUS_LINE.test(start);
  return "HTTP/1.".startsWith(start.slice(0, 7)) || /^[A-Z]{1,16}( |$)/.test(start);
}

function plain(why: string): { readonly kind: "plain"; readonly why: string } {
  return { kind: "plain", why };
}

function refused(why: string): { readonly kind: "refused"; readonly why: string } {
  return { kind: "refused", why };
}
