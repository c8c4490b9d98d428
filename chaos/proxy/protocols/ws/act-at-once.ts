import type { Message } from "./message.ts";
import type { MessageAction } from "./message-work.ts";
import type { SliceJoiner } from "./slice-joiner.ts";

/** An action that handles a message as soon as it is complete, and holds nothing. */
export function actAtOnce(out: SliceJoiner, take: (message: Message) => void): MessageAction {
  return {
    heldBytes: 0,
    needsWhole: false,
    take,
    pass: (bytes) => emitAll(out, bytes),
    passLast: (item) => out.emit(item),
    flush: () => undefined,
    discard: () => undefined,
  };
}

/** Emits slices in order. */
export function emitAll(out: SliceJoiner, slices: readonly Buffer[]): void {
  for (const slice of slices) out.emit(slice);
}
