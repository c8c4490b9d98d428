/** The kinds of frames (RFC 6455, 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The longest header: 2 bytes, 8 of length, 4 of mask. */
export const MAX_HEADER_BYTES = 14;

/** The largest payload of a control frame (RFC 6455, 5.5). */
export const MAX_CONTROL_PAYLOAD_BYTES = 125;

const KNOWN_OPCODES: ReadonlySet<number> = new Set(Object.values(OPCODE));

/** The header of one frame. */
export interface FrameHeader {
  /** Whether it is the last frame of its message. */
  readonly fin: boolean;
  /** Whether the message is compressed (permessage-deflate, RFC 7692): set on its first frame only. */
  readonly rsv1: boolean;
  readonly opcode: number;
  /** The four bytes of the payload's mask; undefined: it is not masked. */
  readonly maskKey: Buffer | undefined;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** Whether the length uses the fewest bytes, as the RFC requires, though not every sender complies. */
  readonly isMinimal: boolean;
}

/**
 * The result for the first bytes of a frame: its header, that more bytes are needed, or why it is invalid.
 */
export type HeaderReading =
  | { readonly kind: "header"; readonly header: FrameHeader }
  | { readonly kind: "incomplete" }
  | { readonly kind: "invalid"; readonly why: string };

/** Reads the header that begins at `offset`. Reads at most `MAX_HEADER_BYTES`. */
export function readFrameHeader(bytes: Buffer, offset = 0): HeaderReading {
  const first = bytes[offset];
  if (first === undefined) return { kind: "incomplete" };
  const opcode = first & 0x0f;
  const fin = (first & 0x80) !== 0;
  const rsv1 = (first & 0x40) !== 0;
  if ((first & 0x30) !== 0) return invalid("reserved bits are set");
  if (!KNOWN_OPCODES.has(opcode)) return invalid(`opcode ${opcode} is reserved`);
  if (isControl(opcode) && !fin) return invalid("a control frame is fragmented");
  if (rsv1 && opcode !== OPCODE.text && opcode !== OPCODE.binary) {
    return invalid("the compression bit is set on a frame that begins no message");
  }
  const second = bytes[offset + 1];
  if (second === undefined) return { kind: "incomplete" };
  const shortLength = second & 0x7f;
  if (isControl(opcode) && shortLength > MAX_CONTROL_PAYLOAD_BYTES) {
    return invalid("a control frame is longer than 125 bytes");
  }
  const lengthBytes = shortLength === 127 ? 8 : shortLength === 126 ? 2 : 0;
  const isMasked = (second & 0x80) !== 0;
  const headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length - offset < headerBytes) return { kind: "incomplete" };
  const payloadBytes = readLength(bytes, offset + 2, shortLength);
  if (payloadBytes === undefined) return invalid("a length is beyond what numbers can count");
  const maskKey = isMasked ? bytes.subarray(offset + headerBytes - 4, offset + headerBytes) : undefined;
  const isMinimal = lengthBytes === 0 || payloadBytes > (lengthBytes === 8 ? 0xffff : 125);
  return {
    kind: "header",
    header: { fin, rsv1, opcode, maskKey, headerBytes, payloadBytes, isMinimal },
  };
}

/** Whether frames of this opcode may come between the fragments of a message. */
export function isControl(opcode: number): boolean {
  return opcode >= OPCODE.close;
}

function readLength(bytes: Buffer, offset: number, shortLength: number): number | undefined {
  if (shortLength < 126) return shortLength;
  if (shortLength === 126) return bytes.readUInt16BE(offset);
  const length = bytes.readBigUInt64BE(offset);
  return length <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(length) : undefined;
}

function invalid(why: string): HeaderReading {
  return { kind: "invalid", why };
}
