import { actAtOnce } from "../protocols/ws/act-at-once.ts";
import { closeFrame, MAX_REASON_BYTES } from "../protocols/ws/close-frame.ts";
import { Closing } from "../protocols/ws/closing.ts";
import { startChosenMessageStage, WS_MESSAGE_CHOICE } from "../protocols/ws/message-stage.ts";
import { MESSAGE_CAPACITY_BYTES } from "../protocols/ws/message-work.ts";
import type { StageHost } from "../stage.ts";
import { text, wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic } from "./toxic-type.ts";

const GOING_AWAY = 1_001;
const MAX_CODE = 4_999;
const MASK_RANGE = 4_294_967_296;
const LINGER_MS = 1_000;

/**
 * Sends a close frame to the stream's receiver in place of the chosen data message, and drops what follows.
 * The rest is the closing handshake of RFC 6455, 7: the receiver answers with the same code, which the other
 * side receives as its peer's close, and the server closes the TCP connection. A connection that is still
 * open after `linger` is closed.
 */
export const wsClose = oneWayToxic({
  type: "ws_close",
  summary: "closes the WebSocket with a code, in place of the chosen data message",
  protocol: "websocket",
  attributes: {
    ...WS_MESSAGE_CHOICE,
    code: wholeNumber("code", "close code; 0: none", {
      fallback: GOING_AWAY,
      max: MAX_CODE,
    }),
    reason: text(`the close frame's reason, at most ${MAX_REASON_BYTES} bytes`, "", (reason) =>
      Buffer.byteLength(reason) <= MAX_REASON_BYTES
        ? undefined
        : `expected at most ${MAX_REASON_BYTES} bytes`,
    ),
    linger: wholeNumber("ms", "ms until the connection is closed if its two sides have not closed it", {
      fallback: LINGER_MS,
    }),
  },
  capacityBytes: MESSAGE_CAPACITY_BYTES,
  start(host, initial) {
    const closing = new Closing(host);
    const closingHost: StageHost = { ...host, emit: (item) => closing.emit(item) };
    return startChosenMessageStage(closingHost, initial, (out, current) => ({
      ...actAtOnce(out, ({ number, bytes, isMasked }) => {
        const { code, reason, linger } = current();
        const maskKey = isMasked ? toMaskKey(host.roll(-number)) : undefined;
        // Messages before the chosen one are sent before the close frame.
        out.flush();
        closing.begin(closeFrame(code, reason, maskKey), linger);
        host.biteMessage({ number, what: `closed with ${code} in place of the message`, bytes });
      }),
      flush: () => closing.finish(),
      discard: () => closing.cancel(),
    }));
  },
});

/** The mask of a frame to a server, from a seeded decision. */
function toMaskKey(roll: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(Math.floor(roll * MASK_RANGE));
  return key;
}
