import { constants, inflateRawSync } from "node:zlib";
import type { Message } from "./message.ts";

/** What the sender leaves away at the end of a compressed message (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/**
 * How far back a compressed message may refer (RFC 1951): into the messages before it, unless agreed
 * otherwise.
 */
const WINDOW_BYTES = 32 * 1024;

const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/**
 * Reads the texts of one direction's messages, in order, compressed ones too. Those may refer to the messages
 * before them, so it must be shown every one; where it was not, the next is unreadable, unless it refers to
 * none.
 */
export class MessageTexts {
  /** The end of what the messages so far came to without a break: what the next may refer to. */
  #window: Buffer = Buffer.alloc(0);

  /** The text, undefined of a binary message; `unreadable` where what it refers to is not known. */
  read(message: Message): { readonly text: string } | undefined | "unreadable" {
    const payload = message.isCompressed ? this.#inflate(message.payload()) : message.payload();
    if (payload === undefined) return "unreadable";
    return message.kind === "text" ? { text: payload.toString() } : undefined;
  }

  /** A message went by unread. */
  skip(): void {
    this.#window = Buffer.alloc(0);
  }

  #inflate(payload: Buffer): Buffer | undefined {
    try {
      const inflated = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_TEXT_BYTES,
        ...(this.#window.length > 0 && { dictionary: this.#window }),
      });
      this.#window = Buffer.concat([this.#window, inflated]).subarray(-WINDOW_BYTES);
      return inflated;
    } catch {
      // It refers to what is not known, is too long or is no such data: the caller says so, the bytes pass.
      this.skip();
      return undefined;
    }
  }
}
