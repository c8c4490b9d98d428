import { type LinearPattern, linearPattern } from "../../../../core/index.ts";
import type { Message } from "./message.ts";
import { MessageTexts } from "./message-text.ts";

/** Whether messages of one direction match a pattern, which may change. */
export class MessagePattern {
  readonly #onUnreadable: () => void;
  #source = "";
  #expression: LinearPattern | undefined;
  #texts = new MessageTexts();

  /** `onUnreadable` is told of a compressed message that refers to messages from before the pattern. */
  constructor(source: string, onUnreadable: () => void) {
    this.#onUnreadable = onUnreadable;
    this.change(source);
  }

  /** Whether only a payload tells; otherwise every message matches. */
  get isSet(): boolean {
    return this.#expression !== undefined;
  }

  /** Matches with this regular expression from now on; empty: every message matches. */
  change(source: string): void {
    if (source === this.#source) return;
    if (this.#source === "") this.#texts = new MessageTexts();
    this.#source = source;
    this.#expression = source === "" ? undefined : linearPattern(source);
  }

  /** Whether the message matches. While a pattern is set, every message must be shown or skipped. */
  matches(message: Message): boolean {
    if (this.#expression === undefined) return true;
    const reading = this.#texts.read(message);
    if (reading === "unreadable") this.#onUnreadable();
    return typeof reading === "object" && this.#expression.test(reading.text);
  }

  /** A message went by that was not shown. */
  skip(): void {
    this.#texts.skip();
  }
}
