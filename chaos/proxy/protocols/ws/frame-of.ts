import { masked } from "./mask.ts";

const FIN = 0x80;
const MASKED = 0x80;
/**
 * Lengths up to this fit into the second byte; up to the next one into two bytes after it; others need eight.
 */
const MAX_SHORT_LENGTH = 125;
const MAX_MEDIUM_LENGTH = 0xffff;
const MEDIUM = 126;
const LONG = 127;

/**
 * A whole frame that is the last of its message (RFC 6455, 5.2), with its length in the fewest bytes.
 *
 * @param maskKey Four bytes, for a frame to a server; undefined for a frame to a client.
 */
export function frameOf(opcode: number, payload: Buffer, maskKey: Buffer | undefined): Buffer {
  const mask = maskKey === undefined ? 0 : MASKED;
  const header = Buffer.concat([Buffer.of(FIN | opcode), lengthBytes(payload.length, mask)]);
  return Buffer.concat([header, maskKey ?? Buffer.alloc(0), masked(payload, maskKey)]);
}

function lengthBytes(length: number, mask: number): Buffer {
  if (length <= MAX_SHORT_LENGTH) return Buffer.of(mask | length);
  const bytes = Buffer.alloc(length <= MAX_MEDIUM_LENGTH ? 3 : 9);
  bytes.writeUInt8(mask | (bytes.length === 3 ? MEDIUM : LONG));
  if (bytes.length === 3) bytes.writeUInt16BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
