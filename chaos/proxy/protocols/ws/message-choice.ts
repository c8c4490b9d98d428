import { linearPattern } from "../../../../core/index.ts";
import type { StageHost } from "../../stage.ts";
import { type FrameHeader, OPCODE } from "./frame-header.ts";
import type { Message } from "./message.ts";
import { MessageContents } from "./message-contents.ts";
import {
  type ChosenMessage,
  MAX_COMPRESSED_MESSAGE_BYTES,
  MAX_MESSAGE_BYTES,
  type MessageChoice,
} from "./message-work.ts";

/** How much of a text is compared with a pattern, which limits the time that this takes. */
export const PATTERN_TEXT_BYTES = 64 * 1024;

/**
 * Chooses messages by their text, and keeps compressed ones readable for their receiver: a compressed message
 * refers to those before it, so once the toxic has removed one, all later ones are sent without compression
 * until the connection ends, as RFC 7692 allows for each message. One that cannot be read then ends the connection: its
 * receiver would read other content than was sent.
 */
export class ReadableChoice implements MessageChoice {
  readonly #host: Pick<StageHost, "giveUp" | "outlive">;
  readonly #contents: MessageContents;
  readonly #takesNext: () => boolean;
  readonly #said = new Set<string>();
  #pattern: string;
  #hasTakenCompressed = false;
  #isRemoved = false;

  /** `takesNext` is called once for each message that matches the pattern. */
  constructor(
    host: Pick<StageHost, "giveUp" | "outlive" | "joined">,
    pattern: string,
    takesNext: () => boolean,
  ) {
    this.#host = host;
    this.#contents = new MessageContents(host.joined);
    this.#pattern = pattern;
    this.#takesNext = takesNext;
  }

  setPattern(pattern: string): void {
    this.#pattern = pattern;
  }

  /**
   * The toxic is removed: it affects no further messages. Returns whether messages must still be rewritten.
   */
  remove(): boolean {
    this.#isRemoved = true;
    return this.#hasTakenCompressed;
  }

  atBeginning({ opcode, rsv1 }: FrameHeader): "take" | "leave" | "read-it" {
    // Later messages may refer to a compressed one, whatever happens to it.
    if (rsv1) return "read-it";
    if (this.#isRemoved) return "leave";
    if (this.#pattern !== "") return opcode === OPCODE.text ? "read-it" : "leave";
    return this.#takesNext() ? "take" : "leave";
  }

  whenWhole(message: Message): ChosenMessage {
    const content = this.#contents.read(message);
    if (content === "unreadable") {
      if (this.#hasTakenCompressed) return { kind: this.#breakOff() };
      this.#sayOnce(
        "compressed messages refer to earlier, unknown ones or are too long: they pass unchanged",
      );
      return { kind: "leave", message };
    }
    const isTaken = !this.#isRemoved && this.#matches(message, content) && this.#takesNext();
    if (!message.isCompressed) return { kind: isTaken ? "take" : "leave", message };
    if (isTaken && !this.#contents.isComplete) {
      this.#sayOnce("the data that compressed messages may refer to is not known yet: they pass unchanged");
      return { kind: "leave", message };
    }
    if (isTaken && !this.#hasTakenCompressed) {
      this.#hasTakenCompressed = true;
      this.#host.outlive();
    }
    if (!this.#hasTakenCompressed) return { kind: "leave", message };
    return { kind: isTaken ? "take" : "leave", message: message.uncompressed(content) };
  }

  onTooLong(isCompressed: boolean): "pass" | "break-off" {
    if (isCompressed && this.#hasTakenCompressed) return this.#breakOff();
    if (isCompressed) this.#contents.skip();
    const maxBytes = isCompressed ? MAX_COMPRESSED_MESSAGE_BYTES : MAX_MESSAGE_BYTES;
    this.#sayOnce(`messages of more than ${maxBytes} bytes pass unchanged`);
    return "pass";
  }

  #breakOff(): "break-off" {
    this.#sayOnce(
      `a compressed message after one that was affected is not readable or has more than ${MAX_COMPRESSED_MESSAGE_BYTES} bytes: its connection was closed`,
    );
    return "break-off";
  }

  #matches({ kind }: Message, content: Buffer): boolean {
    if (this.#pattern === "") return true;
    if (kind !== "text") return false;
    const text = content.toString("utf8", 0, PATTERN_TEXT_BYTES);
    if (linearPattern(this.#pattern).test(text)) return true;
    if (content.length > PATTERN_TEXT_BYTES) {
      this.#sayOnce(
        `only the first ${PATTERN_TEXT_BYTES} bytes of a longer message are compared with the pattern`,
      );
    }
    return false;
  }

  /** The toxic continues with what it can read, and reports this once, since such messages tend to repeat. */
  #sayOnce(why: string): void {
    if (!this.#said.has(why)) this.#host.giveUp(why);
    this.#said.add(why);
  }
}
