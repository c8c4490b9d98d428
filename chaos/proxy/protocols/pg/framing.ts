import type { Frame, Framing } from "./message-reader.ts";

/** How much of a query's text is inspected: a pattern is matched against this much of it. */
export const LOOKED_AT_TEXT_BYTES = 64 * 1024;
/** Enough for the names of a statement and a portal; the server cuts them to 63 bytes. */
const LOOKED_AT_NAME_BYTES = 1_024;
/** Command tags (`INSERT 0 1`) have at most 64 bytes in the server itself. */
const LOOKED_AT_TAG_BYTES = 64;

const TYPED_HEADER_BYTES = 5;
/** The server refuses longer messages (`PQ_LARGE_MESSAGE_LIMIT`), and does not send them. */
const MAX_LENGTH = 0x3fff_ffff;
/** The server's own limit for messages before authentication (`MAX_STARTUP_PACKET_LENGTH`). */
const MAX_START_UP_BYTES = 10_000;

interface MessageSpec {
  readonly lookBytes?: number;
  /** The length field of types with a fixed length. */
  readonly length?: number;
}

const EMPTY: MessageSpec = { length: 4 };
const NAMED: MessageSpec = { lookBytes: LOOKED_AT_NAME_BYTES };

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const FRONTEND: Readonly<Record<string, MessageSpec>> = {
  Q: { lookBytes: LOOKED_AT_TEXT_BYTES },
  P: { lookBytes: LOOKED_AT_NAME_BYTES + LOOKED_AT_TEXT_BYTES },
  B: NAMED,
  D: NAMED,
  E: NAMED,
  C: NAMED,
  S: EMPTY,
  H: EMPTY,
  X: EMPTY,
  F: {},
  d: {},
  c: EMPTY,
  f: {},
  p: {},
};

const BACKEND: Readonly<Record<string, MessageSpec>> = {
  Z: { length: 5, lookBytes: 1 },
  C: { lookBytes: LOOKED_AT_TAG_BYTES },
  N: { lookBytes: LOOKED_AT_NAME_BYTES },
  E: {},
  R: {},
  S: {},
  K: {},
  v: {},
  A: {},
  T: {},
  t: {},
  D: {},
  n: EMPTY,
  "1": EMPTY,
  "2": EMPTY,
  "3": EMPTY,
  s: EMPTY,
  I: EMPTY,
  G: {},
  H: {},
  W: {},
  d: {},
  c: EMPTY,
  V: {},
};

/** Messages of a client on an established connection. */
export const frontendFraming: Framing = typedFraming("client", FRONTEND);

/** Messages of a server. */
export const backendFraming: Framing = typedFraming("server", BACKEND);

const START_UP_CODES: ReadonlyMap<number, string> = new Map([
  [80_877_102, "cancel"],
  [80_877_103, "ssl"],
  [80_877_104, "gss"],
]);
const PROTOCOL_MAJOR = 3;
const TLS_HANDSHAKE = 0x16;

/**
 * A client's first messages, which have no type: a request for encryption or cancellation,
 * or the start-up message.
 */
export const startUpFraming: Framing = {
  headerBytes: 8,
  readHeader(bytes, at) {
    const header = bytes.subarray(at, at + 8);
    const totalBytes = header.readUInt32BE(0);
    const code = header.readUInt32BE(4);
    const type = START_UP_CODES.get(code) ?? (code >>> 16 === PROTOCOL_MAJOR ? "start-up" : undefined);
    if (type !== undefined && totalBytes >= 8 && totalBytes <= MAX_START_UP_BYTES) {
      return { type, totalBytes, lookBytes: 0 };
    }
    if (header[0] === TLS_HANDSHAKE && header[1] === 3) return { complaint: "TLS from the first byte" };
    return { complaint: `not PostgreSQL: the connection began with ${header.toString("hex")}` };
  },
};

/** The server's answer to a request for encryption: one byte. */
export const encryptionAnswerFraming: Framing = {
  headerBytes: 1,
  readHeader(bytes, at) {
    const answer = bytes.toString("latin1", at, at + 1);
    if (answer === "N") return { type: "no-encryption", totalBytes: 1, lookBytes: 0 };
    if (answer === "S") return { complaint: "TLS: the server agreed to encrypt" };
    if (answer === "G") return { complaint: "GSSAPI: the server agreed to encrypt" };
    return {
      complaint: `expected S, G or N as the answer to a request for encryption, got ${JSON.stringify(answer)}`,
    };
  },
};

function typedFraming(sender: string, specs: Readonly<Record<string, MessageSpec>>): Framing {
  // An array by type code, since every message of a large result is looked up.
  const byCode = new Map(Object.entries(specs).map(([type, spec]) => [type.charCodeAt(0), { type, spec }]));
  return {
    headerBytes: TYPED_HEADER_BYTES,
    readHeader(bytes, at): Frame | { readonly complaint: string } {
      const code = bytes.readUInt8(at);
      const known = byCode.get(code);
      if (known === undefined) {
        return {
          complaint: `expected a message of the ${sender}, got one of type ${JSON.stringify(String.fromCharCode(code))}`,
        };
      }
      const { type, spec } = known;
      const length = bytes.readUInt32BE(at + 1);
      if (length < 4 || length > MAX_LENGTH || (spec.length !== undefined && length !== spec.length)) {
        return { complaint: `expected a message ${type} of the ${sender}, got one of length ${length}` };
      }
      return { type, totalBytes: 1 + length, lookBytes: spec.lookBytes ?? 0 };
    },
  };
}
