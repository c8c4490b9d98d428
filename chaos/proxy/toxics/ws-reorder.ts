import { emitAll } from "../protocols/ws/act-at-once.ts";
import type { Message } from "../protocols/ws/message.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES, type MessageAction } from "../protocols/ws/message-work.ts";
import type { SliceJoiner } from "../protocols/ws/slice-joiner.ts";
import type { StageHost } from "../stage.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Passes the next data message before each chosen one, however long that takes to arrive. The next one is not
 * chosen itself. A close frame and the connection's end keep their place. Compressed messages
 * (permessage-deflate) that are reordered are sent without compression, as are all later ones.
 */
export const wsReorder = oneWayToxic({
  type: "ws_reorder",
  summary: "swaps each chosen WebSocket data message with the next one",
  protocol: "websocket",
  attributes: WS_MESSAGE_CHOICE,
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) => startChosenMessageStage(host, attributes, (out) => reorder(host, out)),
});

function reorder(host: StageHost, out: SliceJoiner): MessageAction {
  let held: Message | undefined;
  const giveHeld = () => {
    if (held !== undefined) emitAll(out, held.wire);
    held = undefined;
  };
  /** Passes a whole message first, if one is held. */
  const pass = (bytes: readonly Buffer[]) => {
    emitAll(out, bytes);
    if (held === undefined) return;
    host.biteMessage({ number: held.number, what: "message swapped with the next", bytes: held.bytes });
    giveHeld();
  };
  return {
    get heldBytes() {
      return held?.bytes ?? 0;
    },
    get needsWhole() {
      return held !== undefined;
    },
    take(message) {
      if (held === undefined) held = message;
      else pass(message.wire);
    },
    pass,
    passLast(item) {
      giveHeld();
      out.emit(item);
    },
    flush: giveHeld,
    discard() {
      held = undefined;
    },
  };
}
