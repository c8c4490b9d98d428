import { actAtOnce, emitAll } from "../protocols/ws/act-at-once.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic } from "./toxic-type.ts";

const MAX_COPIES = 10;

/**
 * Sends the chosen data messages again, directly after themselves and byte for byte, with the sender's own
 * masks. A compressed message (permessage-deflate) is sent without compression each time.
 */
export const wsDuplicate = oneWayToxic({
  type: "ws_duplicate",
  summary: "sends the chosen WebSocket data messages again",
  protocol: "websocket",
  attributes: {
    ...WS_MESSAGE_CHOICE,
    copies: wholeNumber("messages", "how many times more, 1 to 10", { fallback: 1, min: 1, max: MAX_COPIES }),
  },
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) =>
    startChosenMessageStage(host, attributes, (out, current) =>
      actAtOnce(out, ({ number, bytes, wire }) => {
        const { copies } = current();
        emitAll(out, wire);
        for (let copy = 1; copy <= copies; copy++) emitAll(out, wire);
        const times = copies === 1 ? "once" : `${copies} times`;
        host.biteMessage({ number, what: `message sent again ${times}`, bytes: bytes * copies });
      }),
    ),
});
