import { actAtOnce } from "../protocols/ws/act-at-once.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Drops the chosen data messages with all their fragments: a gap in a sequence. Later compressed messages
 * (permessage-deflate) are sent without compression, since they may refer to a dropped one.
 */
export const wsDrop = oneWayToxic({
  type: "ws_drop",
  summary: "drops the chosen WebSocket data messages",
  protocol: "websocket",
  attributes: WS_MESSAGE_CHOICE,
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) =>
    startChosenMessageStage(host, attributes, (out) =>
      actAtOnce(out, ({ number, bytes }) => host.biteMessage({ number, what: "message dropped", bytes })),
    ),
});
