import { actAtOnce } from "../protocols/ws/act-at-once.ts";
import { MESSAGE_PATTERN, startMessageStage } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import { oneWayToxic } from "./toxic-type.ts";

/**
 * Swallows data messages and lets pings, pongs and the close frame through: the connection is alive by every
 * sign but that nothing is said on it. With a `pattern` only the messages that match, as when one stream of
 * several falls silent. Compressed messages (permessage-deflate) that come later go on uncompressed, since
 * they may refer to a lost one. A message is swallowed when it is whole, so that
 * removing the toxic never leaves half of one.
 */
export const wsSwallow = oneWayToxic({
  type: "ws_swallow",
  summary: "swallows WebSocket data messages, not pings and pongs",
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
          host.biteMessage({ number, what: "message swallowed", bytes });
        }),
    ),
});
