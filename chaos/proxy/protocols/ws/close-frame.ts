import { MAX_CONTROL_PAYLOAD_BYTES, OPCODE } from "./frame-header.ts";
import { masked } from "./mask.ts";

const FIN = 0x80;
const MASKED = 0x80;
const CODE_BYTES = 2;

/** How long a reason may be in UTF-8: what a control frame holds besides the code. */
export const MAX_REASON_BYTES = MAX_CONTROL_PAYLOAD_BYTES - CODE_BYTES;

/**
 * A close frame (RFC 6455, 5.5.1). Code 0 makes it an empty one, without a reason.
 *
 * @param maskKey Four bytes, for a frame towards a server; undefined towards a client.
 */
export function closeFrame(code: number, reason: string, maskKey: Buffer | undefined): Buffer {
  const payload =
    code === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(CODE_BYTES), Buffer.from(reason)]);
  if (code !== 0) payload.writeUInt16BE(code);
  const length = payload.length | (maskKey === undefined ? 0 : MASKED);
  const header = Buffer.from([FIN | OPCODE.close, length]);
  return Buffer.concat([header, maskKey ?? Buffer.alloc(0), masked(payload, maskKey)]);
}
