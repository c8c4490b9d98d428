import { MAX_CONTROL_PAYLOAD_BYTES, OPCODE } from "./frame-header.ts";
import { frameOf } from "./frame-of.ts";

const CODE_BYTES = 2;

/** The longest reason in UTF-8: what fits into a control frame after the code. */
export const MAX_REASON_BYTES = MAX_CONTROL_PAYLOAD_BYTES - CODE_BYTES;

/**
 * A close frame (RFC 6455, 5.5.1). Code 0 makes it an empty one, without a reason.
 *
 * @param maskKey Four bytes, for a frame to a server; undefined for a frame to a client.
 */
export function closeFrame(code: number, reason: string, maskKey: Buffer | undefined): Buffer {
  const payload =
    code === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(CODE_BYTES), Buffer.from(reason)]);
  if (code !== 0) payload.writeUInt16BE(code);
  return frameOf(OPCODE.close, payload, maskKey);
}
