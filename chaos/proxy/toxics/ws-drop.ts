import { actAtOnce } from "../protocols/ws/act-at-once.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Drops the chosen data messages, all fragments of them: the gap in a sequence. Where messages are compressed
 * with context takeover (permessage-deflate), later ones refer to the lost one, and the receiver fails on
 * them.
 */
export const wsDrop = oneWayToxic({
  type: "ws_drop",
  summary: "drops the chosen WebSocket data messages; breaks compression with context takeover",
  protocol: "websocket",
  attributes: WS_MESSAGE_CHOICE,
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) =>
    startChosenMessageStage(host, attributes, (out) =>
      actAtOnce(out, ({ number, bytes }) => host.biteMessage({ number, what: "message dropped", bytes })),
    ),
});
