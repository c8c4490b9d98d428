import { actAtOnce } from "../protocols/ws/act-at-once.ts";
import { MESSAGE_PATTERN, startMessageStage } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Drops data messages and passes pings, pongs and close frames: the connection looks alive and carries no
 * data. With a `pattern` it drops only messages that match, as when one of several streams stops. Later
 * compressed messages (permessage-deflate) are sent without compression, since they may refer to a dropped
 * one. A message is dropped only when it is complete, so that removing the toxic never leaves half of one.
 */
export const wsSwallow = oneWayToxic({
  type: "ws_swallow",
  summary: "drops WebSocket data messages, but not pings and pongs",
  protocol: "websocket",
  attributes: MESSAGE_PATTERN,
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start: (host, attributes) =>
    startMessageStage(
      host,
      attributes,
      () => true,
      (out) =>
        actAtOnce(out, ({ number, bytes }) => {
          host.biteMessage({ number, what: "message dropped", bytes });
        }),
    ),
});
