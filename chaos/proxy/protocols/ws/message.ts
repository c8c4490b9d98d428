import { isControl, MAX_HEADER_BYTES, OPCODE, readFrameHeader } from "./frame-header.ts";
import { frameOf } from "./frame-of.ts";
import { masked } from "./mask.ts";

/** A whole data message as on the wire: one frame, or its fragments without the frames between them. */
export class Message {
  /** Counts the data messages of this connection and direction, from 1, since the toxic joined. */
  readonly number: number;
  readonly kind: "text" | "binary";
  /** Whether its payload is compressed (permessage-deflate). */
  readonly isCompressed: boolean;
  /** Whether it is masked, as messages to a server are. */
  readonly isMasked: boolean;
  /** Its frames, headers included. */
  readonly wire: readonly Buffer[];
  /** Bytes on the wire. */
  readonly bytes: number;

  /** @throws RangeError when the bytes do not begin with the frame of a data message. */
  constructor(number: number, wire: readonly Buffer[]) {
    // A header may arrive in as many slices as it has bytes.
    const start = wire.slice(0, MAX_HEADER_BYTES).map((slice) => slice.subarray(0, MAX_HEADER_BYTES));
    const reading = readFrameHeader(Buffer.concat(start));
    if (reading.kind !== "header" || isControl(reading.header.opcode)) {
      throw new RangeError("expected the frames of a data message");
    }
    this.number = number;
    this.kind = reading.header.opcode === OPCODE.text ? "text" : "binary";
    this.isCompressed = reading.header.rsv1;
    this.isMasked = reading.header.maskKey !== undefined;
    this.wire = wire;
    this.bytes = wire.reduce((sum, { length }) => sum + length, 0);
  }

  /** Its payload, unmasked and joined; compressed if the message is. */
  payload(): Buffer {
    return Buffer.concat(this.#frames().map(({ payload, maskKey }) => masked(payload, maskKey)));
  }

  /** The same frames and masks with another payload of the same length. */
  withPayload(payload: Buffer): readonly Buffer[] {
    let offset = 0;
    return this.#frames().flatMap(({ header, maskKey, payload: { length } }) => {
      const own = payload.subarray(offset, offset + length);
      offset += length;
      return [header, masked(own, maskKey)];
    });
  }

  /** The same message as one frame with this content, without compression. */
  uncompressed(content: Buffer): Message {
    const opcode = this.kind === "text" ? OPCODE.text : OPCODE.binary;
    return new Message(this.number, [frameOf(opcode, content, this.#frames()[0]?.maskKey)]);
  }

  #frames(): { readonly header: Buffer; readonly payload: Buffer; readonly maskKey: Buffer | undefined }[] {
    const bytes = Buffer.concat(this.wire);
    const frames = [];
    for (let offset = 0; offset < bytes.length; ) {
      const reading = readFrameHeader(bytes, offset);
      if (reading.kind !== "header") throw new RangeError("expected whole frames");
      const { headerBytes, payloadBytes, maskKey } = reading.header;
      const payloadAt = offset + headerBytes;
      offset = payloadAt + payloadBytes;
      frames.push({
        header: bytes.subarray(payloadAt - headerBytes, payloadAt),
        payload: bytes.subarray(payloadAt, offset),
        maskKey,
      });
    }
    return frames;
  }
}
