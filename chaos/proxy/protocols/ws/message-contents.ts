import { constants, inflateRawSync } from "node:zlib";
import type { Message } from "./message.ts";
import { MAX_COMPRESSED_MESSAGE_BYTES } from "./message-work.ts";

/** The bytes that the sender omits at the end of a compressed message (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/**
 * How far back a compressed message may refer into the messages before it (RFC 1951),
 * unless agreed otherwise.
 */
const WINDOW_BYTES = 32 * 1024;

/**
 * The room that is made for a message's contents at first, by the length of its payload; more is made as needed. Node's
 * usual 16 KB for each would make a flood of tiny messages four times as slow to read.
 */
const USUAL_EXPANSION = 8;
const LEAST_ROOM_BYTES = 64;
const MOST_ROOM_BYTES = 16 * 1024;

/**
 * Reads the contents of one direction's messages in order, including compressed ones. Those can refer to
 * earlier messages, so it must see every message; after a gap the next message is unreadable unless it refers
 * to none.
 */
export class MessageContents {
  /** The end of the consecutive contents so far: what the next message may refer to. */
  #window: Buffer = Buffer.alloc(0);
  /** Whether nothing came before that. */
  #isFromStart: boolean;

  constructor(joined: "from-start" | "midway") {
    this.#isFromStart = joined === "from-start";
  }

  /** Whether every later message will be readable, whatever it refers to. */
  get isComplete(): boolean {
    return this.#isFromStart || this.#window.length >= WINDOW_BYTES;
  }

  /** The payload without compression; `unreadable` when it refers to unknown content. */
  read(message: Message): Buffer | "unreadable" {
    return message.isCompressed ? this.#inflate(message.payload()) : message.payload();
  }

  /** A message passed unread. */
  skip(): void {
    this.#window = Buffer.alloc(0);
    this.#isFromStart = false;
  }

  #inflate(payload: Buffer): Buffer | "unreadable" {
    try {
      const inflated = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_COMPRESSED_MESSAGE_BYTES,
        chunkSize: Math.min(Math.max(USUAL_EXPANSION * payload.length, LEAST_ROOM_BYTES), MOST_ROOM_BYTES),
        ...(this.#window.length > 0 && { dictionary: this.#window }),
      });
      this.#window = Buffer.concat([this.#window, inflated]).subarray(-WINDOW_BYTES);
      return inflated;
    } catch {
      // It refers to unknown content, is too long, or is not compressed data: the caller
      // reports it, and the bytes pass.
      this.skip();
      return "unreadable";
    }
  }
}
