import type { FlowItem } from "../../flow-item.ts";
import { type FrameHeader, isControl, OPCODE } from "./frame-header.ts";
import type { FramePart } from "./frame-reader.ts";
import type { FrameWork } from "./frame-stage.ts";
import { HeldSlices } from "./held-slices.ts";
import { Message } from "./message.ts";
import type { SliceJoiner } from "./slice-joiner.ts";

/** The longest message, with all fragments and headers, that a toxic acts on. It limits how much is held. */
export const MAX_MESSAGE_BYTES = 1024 * 1024 + 64 * 1024;

/**
 * The same for a compressed message and for its content: more, since messages after one that was not read
 * cannot be read either.
 */
export const MAX_COMPRESSED_MESSAGE_BYTES = 8 * 1024 * 1024 + 64 * 1024;

/**
 * Enough for two messages that are exchanged and for one read: less would pause a source
 * whose next bytes are needed.
 */
export const MESSAGE_CAPACITY_BYTES = 4 * 1024 * 1024;

/** How a toxic handles data messages. It emits only between messages. */
export interface MessageAction {
  readonly heldBytes: number;
  /** Whether it will insert something between two messages, so that no message may be passed in part. */
  readonly needsWhole: boolean;
  /** Receives a chosen message: it is passed on only if the action does so. */
  take(message: Message): void;
  /** Bytes of messages that were not chosen; each time a whole message when `needsWhole`. */
  pass(bytes: readonly Buffer[]): void;
  /**
   * The close frame, an ending, or whatever comes after the last message: passed on after
   * everything that is held.
   */
  passLast(item: FlowItem): void;
  /** Passes on everything that is held, immediately and in order. */
  flush(): void;
  discard(): void;
}

/** Whether a message is chosen: decided at its beginning, or when it is complete. */
export interface MessageChoice {
  /** `read-it`: only its payload decides. */
  atBeginning(first: FrameHeader): "take" | "leave" | "read-it";
  whenWhole(message: Message): ChosenMessage;
  /** A message is too long to be held. `break-off`: it cannot be passed unread either. */
  onTooLong(isCompressed: boolean): "pass" | "break-off";
}

/**
 * What happens to a message, and the message to pass on: the same one, or one with the same content. `break-off`: its
 * receiver could not read it, nor any later one, so the connection is closed.
 */
export type ChosenMessage =
  | { readonly kind: "take" | "leave"; readonly message: Message }
  | { readonly kind: "break-off" };

interface OpenMessage {
  readonly number: number;
  readonly choice: "take" | "leave" | "read-it";
  readonly isCompressed: boolean;
  /** Undefined: it is passed on as it arrives. */
  held: HeldSlices | undefined;
}

/**
 * Combines frames to messages, and passes those that are chosen to the toxic's action. Pings and pongs pass.
 */
export class MessageWork implements FrameWork {
  readonly #out: SliceJoiner;
  readonly #choice: MessageChoice;
  readonly #action: MessageAction;
  #message: OpenMessage | undefined;
  #control: Buffer[] = [];
  #count = 0;
  #isBrokenOff = false;

  constructor(out: SliceJoiner, choice: MessageChoice, action: MessageAction) {
    this.#out = out;
    this.#choice = choice;
    this.#action = action;
  }

  get heldBytes(): number {
    const control = this.#control.reduce((sum, { length }) => sum + length, 0);
    // The rest of a long message must arrive, so its source is not paused.
    const message = Math.min(this.#message?.held?.bytes ?? 0, MAX_MESSAGE_BYTES);
    return this.#action.heldBytes + message + control;
  }

  take(part: FramePart): void {
    if (this.#isBrokenOff) return;
    if (isControl(part.frame.opcode)) this.#takeControl(part);
    else this.#takeData(part);
  }

  takeLast(item: FlowItem): void {
    for (const slice of this.#takeHeld()) this.#action.passLast(slice);
    this.#action.passLast(item);
  }

  flush(): void {
    this.#action.flush();
    for (const slice of this.#takeHeld()) this.#out.emit(slice);
  }

  discard(): void {
    this.#takeHeld();
    this.#action.discard();
  }

  /**
   * Control frames are passed on whole, so that nothing is inserted in the middle of one. A control frame
   * within a message passes before it, unless it is not decided yet whether the message is affected: then it
   * keeps its place.
   */
  #takeControl({ frame, bytes, ends }: FramePart): void {
    this.#control.push(bytes);
    if (!ends) return;
    const message = this.#message;
    if (frame.opcode === OPCODE.close) {
      for (const slice of this.#takeHeld()) this.#action.passLast(slice);
    } else if (message?.held !== undefined && message.choice === "read-it") {
      for (const slice of this.#takeControlHeld()) message.held.add(slice, "control");
      this.#checkLength(message, 0);
    } else {
      for (const slice of this.#takeControlHeld()) this.#out.emit(slice);
    }
  }

  #takeData({ frame, bytes, begins, ends }: FramePart): void {
    const message = this.#message ?? this.#begin(frame);
    this.#message = message;
    if (begins) this.#checkLength(message, frame.headerBytes + frame.payloadBytes);
    if (message.held === undefined) this.#action.pass([bytes]);
    else message.held.add(bytes, "data");
    if (!ends || !frame.fin) return;
    this.#message = undefined;
    if (message.held !== undefined) this.#finish(message, message.held);
  }

  #begin(first: FrameHeader): OpenMessage {
    this.#count += 1;
    const choice = this.#choice.atBeginning(first);
    const mayPass = choice === "leave" && !this.#action.needsWhole;
    return {
      number: this.#count,
      choice,
      isCompressed: first.rsv1,
      held: mayPass ? undefined : new HeldSlices(),
    };
  }

  /** Passes a message that is too long to be held as it arrives, after everything that is held. */
  #checkLength(message: OpenMessage, nextBytes: number): void {
    const { held, isCompressed } = message;
    const maxBytes = isCompressed ? MAX_COMPRESSED_MESSAGE_BYTES : MAX_MESSAGE_BYTES;
    if (held === undefined || held.bytes + nextBytes <= maxBytes) return;
    const isMissed = message.choice !== "leave" || this.#action.needsWhole;
    if (isMissed && this.#choice.onTooLong(isCompressed) === "break-off") {
      this.#breakOff();
      return;
    }
    if (this.#action.needsWhole) this.#action.flush();
    message.held = undefined;
    this.#action.pass(held.all());
  }

  #finish({ number, choice }: OpenMessage, held: HeldSlices): void {
    if (choice === "leave") {
      this.#action.pass(held.all());
      return;
    }
    const whole = new Message(number, held.only("data"));
    const chosen: ChosenMessage =
      choice === "read-it" ? this.#choice.whenWhole(whole) : { kind: "take", message: whole };
    if (chosen.kind === "break-off") {
      this.#breakOff();
      return;
    }
    const { kind, message } = chosen;
    if (kind === "leave" && message === whole) {
      this.#action.pass(held.all());
      return;
    }
    for (const slice of held.only("control")) this.#out.emit(slice);
    if (kind === "take") this.#action.take(message);
    else this.#action.pass(message.wire);
  }

  /** Closes the connection after everything that is held for the receiver. */
  #breakOff(): void {
    this.#takeHeld();
    this.#isBrokenOff = true;
    this.#action.passLast("close");
  }

  #takeControlHeld(): readonly Buffer[] {
    const held = this.#control;
    this.#control = [];
    return held;
  }

  /** The held frames and incomplete messages, in order. */
  #takeHeld(): readonly Buffer[] {
    const message = this.#message;
    this.#message = undefined;
    return [...(message?.held?.all() ?? []), ...this.#takeControlHeld()];
  }
}
